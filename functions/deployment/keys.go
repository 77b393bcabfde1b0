package deployment

// The functions that make keys, and rotate them: those of links to files, and those of tokens.
const (
	RotateKeys      = "RotateKeys"
	RotateTokenKeys = "RotateTokenKeys"
	KeysGroup       = "keys" // the folder whose binary runs
	// KeysTimeout is in seconds. CloudFront answers within one or two; it is asked five times at the most.
	KeysTimeout = 60
	// TokenKeysSummary says what RotateTokenKeys does.
	TokenKeysSummary = "Makes the keys that sessions are signed with, and rotates them."
)
