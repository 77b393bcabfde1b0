package route

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Lines is a list that is written as JSON lines: one document in each line, for programs that read
// as they go. Where it goes on is told as for Paged.
type Lines[T any] struct{ Paged[T] }

// linesType is the media type of JSON lines (https://github.com/ndjson/ndjson-spec).
const linesType = "application/x-ndjson"

func (l Lines[T]) lines() (out []byte, err error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for _, item := range l.Items {
		if err := enc.Encode(item); err != nil {
			return nil, err
		}
	}
	return body.Bytes(), nil
}

// writeLines reports whether the response is written line by line.
func writeLines(w http.ResponseWriter, r *http.Request, row Row, response any) (done bool, err error) {
	list, ok := response.(interface{ lines() ([]byte, error) })
	if !ok {
		return false, nil
	}
	body, err := list.lines()
	if err != nil {
		return true, err
	}
	linkNext(w, r, response)
	return true, writeBytes(w, statusOf(row, response), linesType, body)
}
