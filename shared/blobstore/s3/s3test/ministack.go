package s3test

import "net/http"

// miniStackFails is what the S3 of MiniStack 1.5.33 gets wrong; localstack/README.md has what covers it.
var miniStackFails = map[string]string{
	"a link that was changed is refused":                     "MiniStack takes a link without any signature for one that needs none",
	"a link refuses a body of unknown length":                "MiniStack takes a body in chunks, and stores it",
	"a file of more than 5 GiB is refused before it is sent": "MiniStack asks for a part of any size",
	HoldsChecksum: "MiniStack refuses the right checksum of an object after a wrong one",
}

// HoldsChecksum is what Fails says of a server that does not hold an object as a whole against a checksum.
const HoldsChecksum = "an object is held against a checksum"

// isMiniStack asks the server for what no other has.
func isMiniStack(endpoint string) bool {
	resp, err := http.Get(endpoint + "/_ministack/health")
	if err != nil {
		return false // whoever uses it is told why
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
