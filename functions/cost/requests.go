package cost

// Request is what one request to the registry takes. functions/paid_test.go makes the same requests of
// a real registry and holds Row, Calls, Reads and Writes against what it counts.
type Request struct {
	// Row is the name of the row that answers.
	Row string
	// Calls are the calls to the table; Reads and Writes the units that DynamoDB takes for them: one
	// for each 4 KB of what is read (consistently) and each 1 KB of what is written, two in a transaction.
	Calls, Reads, Writes int
}

// BoxAdd is what `vagrant box add` asks for, of a public box with BoxVersions versions for two
// architectures each: is it metadata, the metadata, and where the file is. The last answer is a link to
// S3 or CloudFront.
var BoxAdd = []Request{
	{Row: "ReadVagrantMetadata", Calls: 1, Reads: 3},
	{Row: "ReadVagrantMetadata", Calls: 1, Reads: 3},
	{Row: "Download", Calls: 2, Reads: 4, Writes: 6},
}

// BoxVersions is how many versions that box has.
const BoxVersions = 10

// Check is what `vagrant up` and `vagrant box outdated` ask for, to learn of newer versions.
var Check = BoxAdd[:2]

// Push is what `boxvault push` asks for: a new version of a box, with one file.
var Push = []Request{
	{Row: "ReadFile", Calls: 2, Reads: 6},
	{Row: "ListUploads", Calls: 3, Reads: 7},
	{Row: "BeginUpload", Calls: 3, Reads: 6, Writes: 4},
	{Row: "CompleteUpload", Calls: 6, Reads: 12, Writes: 35},
}

// Work is what is left to be done behind requests: pieces of the janitor's work, and what all of them take
// of the table.
type Work struct{ Pieces, Reads, Writes int }

// PushWork is what a Push leaves, and AddWork what the first download of a box in ten minutes does.
var (
	PushWork = Work{Pieces: 8, Reads: 35, Writes: 90}
	AddWork  = Work{Pieces: 1, Reads: 18, Writes: 52}
)

// LogLine is how many bytes a function logs for a request at the most.
const LogLine = 800
