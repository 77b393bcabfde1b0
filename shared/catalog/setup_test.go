package catalog_test

import (
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestSettingsAreChangedByWhoKnowsThem(t *testing.T) {
	onEachStore(t, func(e *env) {
		before, err := e.Setup(e.Context())
		e.must(err)
		if before.Complete || before.Certificate.Uploaded() || before.Config.Signup != "" || before.Config.Stamp() == "" {
			e.Errorf("before anything was done there is %+v", before)
		}
		e.account("ada")
		want := before.Config
		want.Signup = "invite"
		_, err = e.SaveConfig(e.Context(), want, []string{"signup"})
		e.must(err)
		_, err = e.SaveConfig(e.Context(), want, []string{"signup"}) // as it was before
		e.wantKind(err, registry.Conflict)
		now, err := e.Setup(e.Context())
		e.must(err)
		if !now.Complete || now.Config.Signup != "invite" || now.Config.Stamp() == before.Config.Stamp() || !now.Config.UpdatedAt.Equal(e.now) {
			e.Errorf("there is %+v", now)
		}
		_, err = e.SaveConfig(e.Context(), now.Config, nil)
		e.must(err)
	})
}

func TestACertificateIsReplacedByWhoKnowsIt(t *testing.T) {
	onEachStore(t, func(e *env) {
		first := registry.Certificate{ID: "arn", Fingerprint: "AA", Subject: "CN=a", NotAfter: e.now}
		e.must(e.SaveCertificate(e.Context(), first))
		err := e.SaveCertificate(e.Context(), first)
		e.wantKind(err, registry.Conflict)
		if !registry.Retryable(err) {
			e.Error("it is not told that trying again helps")
		}
		now, err := e.Setup(e.Context())
		e.must(err)
		next := now.Certificate
		if next.ID != "arn" || !next.Uploaded() {
			e.Errorf("there is %+v", next)
		}
		next.Fingerprint = "BB"
		e.must(e.SaveCertificate(e.Context(), next))
	})
}
