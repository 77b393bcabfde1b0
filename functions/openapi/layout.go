package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// width is how long a line gets before what it says is broken into several.
const width = 110

// layOut writes JSON so that a person can read it and a diff shows what has changed: what fits goes on
// one line, all else is indented by a space for each level. The order of the fields stays.
func layOut(raw []byte) ([]byte, error) {
	var compact, out bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	if err := layOutValue(&out, compact.Bytes(), 0, 0); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func layOutValue(out *bytes.Buffer, value json.RawMessage, level, before int) error {
	if level > 0 && level+before+len(value) <= width || value[0] != '{' && value[0] != '[' || len(value) == 2 {
		out.Write(value)
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(value))
	if _, err := in.Token(); err != nil {
		return err
	}
	out.WriteByte(value[0])
	for i := 0; in.More(); i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(out, "\n%*s", level+1, "")
		if err := layOutMember(out, in, value[0] == '{', level+1); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\n%*s%c", level, "", value[len(value)-1])
	return nil
}

func layOutMember(out *bytes.Buffer, in *json.Decoder, named bool, level int) error {
	before := 0
	if named {
		key, err := in.Token()
		if err != nil {
			return err
		}
		before, _ = fmt.Fprintf(out, "%q: ", key)
	}
	var value json.RawMessage
	if err := in.Decode(&value); err != nil {
		return err
	}
	return layOutValue(out, value, level, before)
}
