package admin_test

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
)

const config = "/api/config"

func settings(t *testing.T, r *coretest.Registry, token string) api.Config {
	t.Helper()
	return embeddedtest.JSON[api.Config](t, r.Do(t, "GET", config, token, nil).Want(t, 200))
}

func TestTheSettingsAreToldAsTheyCount(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) {
		o.Signup, o.URL, o.Metrics = auth.SignupInvite, "https://boxes.example.com", metrics.Open
		o.Origins, o.Limits = []string{"https://ui.example.com"}, limit.Quotas{Account: 50000, Sensitive: limit.Off}
		o.MailFrom = "BoxVault <boxvault@example.com>"
	})
	admin := r.Person(t, "root")
	address, account := 1200, 50000
	want := api.Config{Signup: "invite", Started: api.ConfigStarted{
		Version: "test", URL: "https://boxes.example.com", Signup: "invite", Metrics: "open", Origins: []string{"https://ui.example.com"},
		Limits: api.ConfigLimits{Address: &address, Account: &account},
		Mail:   api.ConfigMail{Configured: true, From: "BoxVault <boxvault@example.com>"},
	}}
	if got := settings(t, r, admin); !reflect.DeepEqual(got, want) {
		t.Errorf("told %+v", got)
	}
	plain := coretest.Start(t, func(o *core.Options) { o.Mail = core.Mail{} })
	if got := settings(t, plain, plain.Person(t, "root")).Started; got.Metrics != "token" || got.Origins == nil || got.Mail.Configured {
		t.Errorf("where nothing was chosen, told are %+v", got)
	}
}

func TestSettingsAreForPlatformAdmins(t *testing.T) {
	r, owner := coretest.Acme(t)
	robot := r.ServiceAccount(t, owner, nil).Token
	for _, method := range []string{"GET", "PUT"} {
		r.Do(t, method, config, "", `{"signup":"open"}`).WantError(t, 401, "TOKEN_INVALID")
		for _, token := range []string{owner, robot} {
			r.Do(t, method, config, token, `{"signup":"open"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		}
	}
}

func signUp(t *testing.T, r *coretest.Registry, username string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/signup", "", map[string]any{
		"username": username, "email": username + "@example.com", "password": embeddedtest.Password,
	})
}

// The setting counts from the next request on, whatever the registry was started with.
func TestWhoMaySignUpIsChangedWhileTheRegistryRuns(t *testing.T) {
	for _, started := range []auth.Signup{auth.SignupOpen, auth.SignupInvite} {
		r := coretest.Start(t, func(o *core.Options) { o.Signup = started })
		admin := r.Person(t, "root")
		for i, step := range []struct {
			signup string
			status int
		}{{"invite", 403}, {"open", 201}, {"invite", 403}} {
			r.Do(t, "PUT", config, admin, map[string]any{"signup": step.signup}).Want(t, 200)
			signUp(t, r, string(started)+string(rune('a'+i))).Want(t, step.status)
			told := embeddedtest.JSON[api.SetupStatus](t, r.Do(t, "GET", "/api/setup/status", "", nil).Want(t, 200))
			if got := settings(t, r, admin); got.Signup != step.signup || told.Signup != step.signup || got.Started.Signup != string(started) {
				t.Errorf("told %+v and %+v", got, told)
			}
		}
	}
}

func TestAChangeOfSettingsIsInTheAuditLog(t *testing.T) {
	r := coretest.Start(t)
	admin := r.Person(t, "root")
	changes := func() (names []string) {
		for _, e := range embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", "/api/admin/audit", admin, nil).Want(t, 200)) {
			if e.Event == "settings.changed" {
				for _, name := range e.Data["settings"].([]any) {
					names = append(names, name.(string))
				}
			}
		}
		return names
	}
	r.Do(t, "PUT", config, admin, `{}`).Want(t, 200)
	if got := changes(); len(got) > 0 {
		t.Errorf("where nothing was changed, the log has %q", got)
	}
	r.Do(t, "PUT", config, admin, `{"signup":"invite","requireVerification":true}`).Want(t, 200)
	r.Do(t, "PUT", config, admin, `{"signup":"invite","requireVerification":true}`).Want(t, 200)
	if got := strings.Join(changes(), " "); got != "signup requireVerification" {
		t.Errorf("the log has %s", got)
	}
	if got := settings(t, r, admin); got.RequireVerification == nil || !*got.RequireVerification || got.UpdatedAt == nil {
		t.Errorf("told %+v", got)
	}
}

func TestASettingThatIsNoneIsRefused(t *testing.T) {
	r := coretest.Start(t)
	admin := r.Person(t, "root")
	for _, body := range []string{`{"signup":""}`, `{"signup":"closed"}`, `{"signup":1}`, `{"requireVerification":"yes"}`, `[]`} {
		r.Do(t, "PUT", config, admin, body).WantError(t, 400, "VALIDATION_ERROR")
	}
	if got := settings(t, r, admin); got.UpdatedAt != nil {
		t.Errorf("told %+v", got)
	}
}

// That holds for the very first change, too, before which there is no record of settings.
func TestOfAdminsWhoKnowTheSameSettingsOneChangesThem(t *testing.T) {
	r := coretest.Start(t)
	admin := r.Person(t, "root")
	for _, signup := range []string{"invite", "open"} {
		tag := r.Ask(t, "GET", config, admin, nil).Want(t, 200).Header.Get("ETag")
		if tag == "" {
			t.Fatal("the settings have no ETag")
		}
		var made, refused atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				switch a := r.Ask(t, "PUT", config, admin, []byte(`{"signup":"`+signup+`"}`), "If-Match", tag); a.Status {
				case 200:
					made.Add(1)
				case 412:
					refused.Add(1)
				default:
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || refused.Load() != 3 {
			t.Errorf("%d changes were made, %d refused", made.Load(), refused.Load())
		}
	}
}
