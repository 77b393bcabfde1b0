package files

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// PutFileRequest is a file for an upload whose URL was given out, see api.PutPath.
type PutFileRequest struct {
	Upload string `path:"upload" json:"-"`
	// Home and Ticket come with the URL.
	Home   string `query:"home" json:"-"`
	Ticket string `query:"ticket" json:"-"`
	Body   route.Stream
}

// PutFile takes a file as it streams in, from whoever has the URL: HashiCorp's clients send no token along.
// It can be sent again when it broke off, and when the answer was lost.
func (s *Service) PutFile(ctx context.Context, _ registry.Caller, req PutFileRequest) (api.Done, error) {
	if err := s.Tokens.CheckUploadTicket(ctx, req.Home, req.Upload, req.Ticket); err != nil {
		return api.Done{}, err
	}
	u, err := s.Catalog.Upload(ctx, req.Home, req.Upload)
	if err != nil {
		return api.Done{}, err
	}
	if s.Uploads.Now().After(u.CreatedAt.Add(registry.SingleLinkLife)) {
		return api.Done{}, registry.Errorf(registry.Forbidden, "the URL has expired: ask for another one")
	}
	author := registry.AuthorOf(ctx)
	author.Account, author.Username = u.Account, u.Username
	_, err = s.Uploads.Take(registry.WithAuthor(ctx, author), u, req.Body.Size, req.Body.Body)
	return api.OK("File uploaded."), err
}
