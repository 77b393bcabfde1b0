package local

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Handler answers the links, all of which begin with Prefix, as S3 answers presigned URLs.
// It takes no other credential than the link, and lets pages of any origin use it, as uploads
// from a browser come from the page of the registry.
func (s *Store) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	// Whatever was uploaded, it never runs as a page of the registry, and its link, which is the whole
	// permission, is told to nobody.
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Content-Length, Content-Range, Content-Disposition")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, PUT")
		h.Set("Access-Control-Allow-Headers", "*")
		h.Set("Access-Control-Max-Age", "3600")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	key, query, err := s.verify(r)
	if err == nil {
		err = s.answer(w, r, key, query)
	}
	if err != nil {
		refuse(w, r, err)
	}
}

func (s *Store) answer(w http.ResponseWriter, r *http.Request, key string, query url.Values) error {
	switch {
	case r.Method != http.MethodPut:
		return s.send(w, r, key, query)
	case r.ContentLength < 0:
		return errNoLength
	default:
		return s.takePart(w, r, key, query)
	}
}

func (s *Store) takePart(w http.ResponseWriter, r *http.Request, key string, query url.Values) error {
	n, err := strconv.Atoi(query.Get(partNumber))
	if err != nil {
		return errForged
	}
	u := blobstore.Upload{Key: key, ID: query.Get(uploadID)}
	part, err := s.PutPart(r.Context(), u, n, r.Body, r.ContentLength)
	if err != nil {
		return err
	}
	s.lookAhead(u)
	w.Header().Set("ETag", strconv.Quote(part.ETag))
	return nil
}

func (s *Store) send(w http.ResponseWriter, r *http.Request, key string, query url.Values) error {
	f, err := s.openObject(key)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	o := blobstore.LinkOptions{FileName: query.Get(fileName), ContentType: query.Get(mediaType)}
	h := w.Header()
	h.Set("ETag", strconv.Quote(etag(info)))
	h.Set("Content-Type", o.MediaType())
	if d := o.Disposition(); d != "" {
		h.Set("Content-Disposition", d)
	}
	http.ServeContent(content{w}, r, "", info.ModTime(), f)
	return nil
}

// content takes Content-Range out of a 416: with it, curl 7.88 (the one of Vagrant) fails
// when it resumes a file that is complete; without it, it succeeds.
type content struct{ http.ResponseWriter }

func (c content) WriteHeader(status int) {
	if status == http.StatusRequestedRangeNotSatisfiable {
		c.Header().Del("Content-Range")
	}
	c.ResponseWriter.WriteHeader(status)
}

// ReadFrom hands a file on as a file, so that the system can send it by itself.
func (c content) ReadFrom(r io.Reader) (int64, error) { return io.Copy(c.ResponseWriter, r) }

// Unwrap is for http.ResponseController.
func (c content) Unwrap() http.ResponseWriter { return c.ResponseWriter }
