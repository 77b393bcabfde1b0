package deployment

// The function that sets up what the edge needs beside its keys, when it is deployed.
const (
	SetUpEdge = "SetUpEdge"
	EdgeGroup = "edge" // the folder whose binary runs
	// EdgeTimeout is in seconds, for some thirty calls.
	EdgeTimeout = 60
)
