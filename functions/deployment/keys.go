package deployment

// The function that makes the keys of the edge, and rotates them.
const (
	RotateKeys = "RotateKeys"
	KeysGroup  = "keys" // the folder whose binary runs
	// KeysTimeout is in seconds. CloudFront answers within one or two; it is asked five times at the most.
	KeysTimeout = 60
)
