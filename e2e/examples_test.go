package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// TestExamples runs the commands of the published page "API Examples" as they are printed, in the
// order of the page. Only host, names and tokens are other ones.
func TestExamples(t *testing.T) {
	t.Parallel()
	need(t, "bash", "curl")
	x := newExamples(t)

	x.try("Authentication", func(t *testing.T) {
		if user := x.curl(t, "200"); user["username"] != x.owner.name {
			t.Errorf("the token's user is %v", user)
		}
	})
	x.try("Sign In", func(t *testing.T) {
		session := x.curl(t, "200")
		x.words["YOUR_JWT_TOKEN"], _ = session["accessToken"].(string)
		x.words["YOUR_CURRENT_TOKEN"] = x.words["YOUR_JWT_TOKEN"]
		x.words["YOUR_ADMIN_JWT_TOKEN"] = x.words["YOUR_JWT_TOKEN"]
		// "user_id" stands for an id, which is a number wherever the page has a real one.
		x.wantLike(t, session, words{`"user_id"`: "1"})
	})
	x.try("Sign Up", func(t *testing.T) {
		x.curl(t, "201")
		newcomer := newClient(t, target.URL, "")
		must[api.Session](t)(newcomer.SignIn(t.Context(), api.SignIn{Username: x.words["newuser"], Password: "password123"}))
		if o := must[api.Organization](t)(newcomer.Organization(t.Context(), x.words["otherorg"])); o.Role != "member" {
			t.Errorf("who was invited is %s", o.Role)
		}
	})
	x.try("Refresh Token", func(t *testing.T) {
		fresh, _ := x.curl(t, "200")["accessToken"].(string)
		askJSON(t, "GET", target.URL+"/api/user", fresh, nil).want(t, 200)
	})
	x.try("Create Organization", func(t *testing.T) {
		if made := x.curl(t, "201"); made["name"] != x.words["myorg"] || made["email"] != "org@example.com" {
			t.Errorf("made %v", made)
		}
	})
	x.try("Send Invitation", func(t *testing.T) {
		made := x.curl(t, "200")
		x.wantLike(t, made, nil)
		token, _ := made["invitationToken"].(string)
		if link := target.URL + "/register?token=" + token + "&organization=" + x.words["myorg"]; len(token) != 40 || made["invitationLink"] != link || len(made) != 5 {
			t.Errorf("made %v", made)
		}
	})
	x.try("Create Box", func(t *testing.T) {
		if made := x.curl(t, "201"); made["tag"] != x.words["otherorg"]+"/ubuntu22" || made["isPublic"] != true {
			t.Errorf("made %v", made)
		}
	})
	x.try("Create Box Version", func(t *testing.T) { x.curl(t, "201") })
	x.try("Create Provider", func(t *testing.T) { x.curl(t, "201") })
	x.try("Create Architecture", func(t *testing.T) {
		if made := x.curl(t, "201"); made["defaultBox"] != true {
			t.Errorf("made %v", made)
		}
	})
	x.try("Upload Box File", func(t *testing.T) {
		place(t, x.file, x.shell.dir, "box-file.box")
		x.curl(t, "200") // with -o, the answer is in a file
		done := decode[map[string]any](t, x.read(t, "upload_response.txt"))
		if done["success"] != true || done["warning"] != nil {
			t.Errorf("upload_response.txt: %v", done)
		}
	})
	x.try("Download Box File: Direct browser download", func(t *testing.T) {
		// The page makes the box private, and downloads it without a token. Until it is published,
		// there is nothing to see for strangers.
		x.curl(t, "404")
		public := true
		must[api.Box](t)(x.owner.UpdateBox(t.Context(), x.words["myorg"], "debian12", api.BoxInput{IsPublic: &public}))
		needs(t, OneAnswer)
		x.curl(t, "200")
		x.wantFile(t, "vagrant.box")
	})
	x.try("Download Box File: Using Vagrant CLI", func(t *testing.T) {
		need(t, "vagrant")
		v := newVagrant(t)
		// Vagrant takes what has neither a scheme nor just one slash for a file on this machine, and
		// asks no registry: as printed the command works with none. With a scheme it does.
		printed := x.words.in(x.now.commands[0])
		if out := v.run(t, "bash", "-c", printed); out.code != 0 {
			t.Logf("as printed, Vagrant takes the box for a local file: %s", out.stderr)
			printed = strings.Replace(printed, `add "`, `add "http://`, 1)
			v.run(t, "bash", "-c", printed).ok(t)
		}
		v.wantBoxes(t, x.words["myorg"]+"/debian12 (virtualbox, 1.0.0)")
	})
	x.try("Download Box File: Using download link", func(t *testing.T) {
		link, _ := x.command(t, x.now.commands[0], "200")["downloadUrl"].(string)
		x.words["DOWNLOAD_URL"] = link
		x.command(t, x.now.commands[1], "200")
		path, _, _ := strings.Cut(link, "?")
		x.wantFile(t, filepath.Base(path))
	})
	x.try("Get Box Metadata", func(t *testing.T) {
		printed := x.words.in(strings.NewReplacer(
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", x.file.SHA256,
			"1508591037", decimal(x.file.Size)).Replace(x.now.answer))
		if lack := missing(decode[any](t, printed), x.curl(t, "200"), true); len(lack) > 0 {
			t.Errorf("metadata is not as printed: %q", lack)
		}
	})
	x.try("Create Service Account", func(t *testing.T) {
		made := x.curl(t, "201")
		x.wantLike(t, made, nil)
		x.words["mark-7fb6603d"], _ = made["username"].(string)
		x.words["319b8554ee85c3df139dbbb98169b64a4b50f338968bdc145fd851eb68eff0f0"], _ = made["token"].(string)
		created, _ := made["createdAt"].(string)
		expires, _ := made["expiresAt"].(string)
		life := must[time.Time](t)(time.Parse(time.RFC3339, expires)).Sub(must[time.Time](t)(time.Parse(time.RFC3339, created)))
		if life != 365*24*time.Hour {
			t.Errorf("it lives %v", life)
		}
	})
	x.try("Authenticate Service Account", func(t *testing.T) {
		token, _ := x.curl(t, "200")["accessToken"].(string)
		me := read[api.User](t, askJSON(t, "GET", target.URL+"/api/user", token, nil).want(t, 200))
		if me.Username != x.words["mark-7fb6603d"] || !me.IsServiceAccount {
			t.Errorf("the session is that of %+v", me)
		}
	})
	x.try("Check Setup Status", func(t *testing.T) {
		if status := x.curl(t, "200"); status["setupComplete"] != true {
			t.Errorf("the status is %v", status)
		}
	})
	x.try("Upload SSL Certificate", func(t *testing.T) {
		// The page sends no token: that is what anyone may do before somebody has signed up.
		fresh := serve(t, t.TempDir())
		cert, key := makeCertificate(t)
		before := x.words
		x.words = words{"https://boxvault.example.com": fresh.URL, "/path/to/cert.pem": cert, "/path/to/key.pem": key}
		defer func() { x.words = before }()
		if done := x.curl(t, "200"); done["success"] != true {
			t.Errorf("told %v", done)
		}
		x.shell.run(t, "curl", "-sSf", "--cacert", cert, secure(fresh)+"/health").ok(t)
	})
	x.try("Test SMTP Configuration", func(t *testing.T) {
		at, token, server := mailTester(t)
		printed := words{
			"https://boxvault.example.com": at, "YOUR_JWT_TOKEN": token,
			"smtp.example.com": server.Host, `"port": 587`: `"port": ` + strconv.Itoa(server.Port),
		}
		x.words, printed = printed, x.words
		defer func() { x.words = printed }()
		if done := x.curl(t, "200"); done["success"] != true {
			t.Errorf("told %v", done)
		}
		if m := server.Wait(t, 1)[0]; m.To != "recipient@example.com" || m.From != "sender@example.com" || !m.Encrypted {
			t.Errorf("sent %+v", m)
		}
	})
	if len(x.left) > 0 {
		t.Errorf("the page goes on with %q", x.left[0].title)
	}
}

// examples is somebody who works through the page.
type examples struct {
	t     *testing.T
	owner owner
	words words
	shell command
	file  BoxFile
	now   example
	left  []example
}

func newExamples(t *testing.T) *examples {
	t.Helper()
	o, other := newOwner(t, target.URL), newOwner(t, target.URL)
	must[api.Member](t)(other.AddMember(t.Context(), other.org, api.MemberInput{Username: o.name}))
	_, host, _ := strings.Cut(target.URL, "://")
	newcomer := unique("newuser")
	invitation := must[api.Invited](t)(other.Invite(t.Context(), api.InviteInput{
		Email: newcomer + "@example.com", OrganizationName: other.org,
	}))
	x := &examples{
		t: t, owner: o, left: readExamples(t), shell: command{dir: t.TempDir()},
		file: makeBox(t, Box{Provider: "virtualbox", Disk: 2 << 20}),
		words: words{
			"https://boxvault.example.com": target.URL, "boxvault.example.com": host,
			"YOUR_JWT_TOKEN": o.token, "YOUR_USERNAME": o.name, "YOUR_PASSWORD": password,
			"newuser": newcomer, "optional-invitation-token": invitation.Token, "myorg": unique("myorg"), "otherorg": other.org,
		},
	}
	// This has curl tell the status, and leaves the commands as they are.
	curlrc := []byte(`write-out = "%{stderr}\nstatus %{http_code}"`)
	if err := os.WriteFile(filepath.Join(x.shell.dir, ".curlrc"), curlrc, 0o600); err != nil {
		t.Fatal(err)
	}
	return x
}

// try runs a test for the example that comes next on the page.
func (x *examples) try(title string, test func(*testing.T)) {
	x.t.Helper()
	if len(x.left) == 0 || x.left[0].title != title {
		x.t.Fatalf("%q is not what comes next on the page", title)
	}
	x.now, x.left = x.left[0], x.left[1:]
	if !x.t.Run(title, test) {
		x.t.FailNow() // what follows builds on it
	}
}

// curl runs the commands of the example and returns the last one's answer.
func (x *examples) curl(t *testing.T, status string) (answer map[string]any) {
	t.Helper()
	for _, c := range x.now.commands {
		answer = x.command(t, c, status)
	}
	return answer
}

// command runs a printed command; the answer is nil when it went into a file.
func (x *examples) command(t *testing.T, printed, status string) map[string]any {
	t.Helper()
	out := x.shell.run(t, "bash", "-c", x.words.in(wrapped.ReplaceAllString(printed, "/"))).ok(t)
	if !strings.HasSuffix(out.stderr, "\nstatus "+status) {
		t.Fatalf("want status %s\n%s%s", status, out.stdout, out.stderr)
	}
	if out.stdout == "" {
		return nil
	}
	return decode[map[string]any](t, out.stdout)
}

// wantLike fails the test unless the answer has all that the page prints, of the same types.
func (x *examples) wantLike(t *testing.T, real map[string]any, placeholders words) {
	t.Helper()
	if lack := missing(decode[any](t, placeholders.in(x.now.answer)), real, false); len(lack) > 0 {
		t.Errorf("the answer is not as printed: %q", lack)
	}
}

func (x *examples) read(t *testing.T, name string) string {
	t.Helper()
	return string(must[[]byte](t)(os.ReadFile(filepath.Join(x.shell.dir, name))))
}

// wantFile fails the test unless the box was saved under that name.
func (x *examples) wantFile(t *testing.T, name string) {
	t.Helper()
	wantSame(t, filepath.Join(x.shell.dir, name), x.file)
}
