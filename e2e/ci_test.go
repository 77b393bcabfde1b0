package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestCI runs the upload steps of the published CI jobs as they are printed, but for the name of
// the organization, as a service account. Each uploads to a version that is not there yet.
func TestCI(t *testing.T) {
	t.Parallel()
	need(t, "bash", "sh", "curl", "jq")
	j := newJob(t)

	t.Run("GitHub Actions", func(t *testing.T) {
		j.box(t, 1)
		// GitHub runs a step with `bash -e`.
		j.with("GITHUB_REF=refs/tags/v1.2.0").run(t, "bash", "-ec", j.githubStep(t)).ok(t)
		j.wantListed(t, "1.2.0")
	})
	t.Run("GitLab CI", func(t *testing.T) {
		j.box(t, 2)
		// The tag has a leading v, which is no part of a version.
		j.with("CI_COMMIT_TAG=v1.3.0").run(t, "bash", "-eo", "pipefail", "-c", j.gitlabStep(t)).ok(t)
		j.wantListed(t, "1.2.0", "1.3.0")
	})
	t.Run("Jenkins", func(t *testing.T) {
		j.box(t, 3)
		getToken, upload := j.jenkinsSteps(t)
		// Jenkins runs a step with `sh -xe`.
		token := strings.TrimSpace(j.run(t, "sh", "-xec", getToken).ok(t).stdout)
		upload = strings.NewReplacer("${env.BUILD_NUMBER}", "57", "${token}", token).Replace(upload)
		j.run(t, "sh", "-xec", upload).ok(t)
		j.wantListed(t, "1.2.0", "1.3.0", "57")
	})
}

// job is a CI job on its machine.
type job struct {
	command
	owner owner
	file  BoxFile // that is there to be uploaded
}

const ciBox = "ubuntu-20.04"

func newJob(t *testing.T) *job {
	t.Helper()
	o := newOwner(t, target.URL)
	o.box(t, ciBox, false)
	robot := o.serviceAccount(t)
	return &job{owner: o, command: command{dir: t.TempDir(), env: []string{
		"BOXVAULT_URL=" + target.URL, "BOXVAULT_CLIENT_ID=" + robot.Username, "BOXVAULT_CLIENT_SECRET=" + robot.Token,
	}}}
}

// box is what the job has built.
func (j *job) box(t *testing.T, build uint64) {
	t.Helper()
	path := j.dir + "/" + ciBox + ".box"
	j.file = must[BoxFile](t)(Box{Provider: "virtualbox", Disk: 1 << 20, Seed: build}.Write(path))
}

func (j *job) with(env string) command {
	return command{dir: j.dir, env: slices.Concat(j.env, []string{env})}
}

func (j *job) printed(t *testing.T, file string) string {
	t.Helper()
	raw := must[[]byte](t)(os.ReadFile("testdata/" + file))
	return words{"myorg": j.owner.org}.in(string(raw))
}

// githubStep is the shell script of the step that uploads.
func (j *job) githubStep(t *testing.T) string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Name, Run string }
		}
	}
	readYAML(t, j.printed(t, "github-actions.yml"), &workflow)
	for _, step := range workflow.Jobs["build-and-upload"].Steps {
		if step.Name == "Upload to BoxVault" {
			return step.Run
		}
	}
	t.Fatal("the workflow has no step that uploads")
	return ""
}

// gitlabStep is the shell script of the job that uploads.
func (j *job) gitlabStep(t *testing.T) string {
	t.Helper()
	var pipeline struct {
		Upload struct{ Script []string } `yaml:"upload-box"`
	}
	readYAML(t, j.printed(t, "gitlab-ci.yml"), &pipeline)
	return strings.Join(pipeline.Upload.Script, "\n")
}

var groovyString = regexp.MustCompile(`(?s)"""(.*?)"""`)

// jenkinsSteps are the two shell scripts of the stage that uploads, as Groovy reads them.
func (j *job) jenkinsSteps(t *testing.T) (getToken, upload string) {
	t.Helper()
	groovy := strings.NewReplacer("\\\n", "", `\$`, "$")
	scripts := groovyString.FindAllStringSubmatch(j.printed(t, "Jenkinsfile"), -1)
	if len(scripts) != 2 {
		t.Fatalf("the Jenkinsfile has %d scripts, want 2", len(scripts))
	}
	return groovy.Replace(scripts[0][1]), groovy.Replace(scripts[1][1])
}

func readYAML(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// wantListed fails the test unless the box has these versions and the last one the job's file.
func (j *job) wantListed(t *testing.T, versions ...string) {
	t.Helper()
	metadata := j.owner.wantVersions(t, ciBox, versions...)
	listed := metadata.Versions[len(versions)-1].Providers[0]
	if listed.Checksum != j.file.SHA256 || listed.Name != "virtualbox" || listed.Architecture != "amd64" {
		t.Errorf("version %s has %+v, want SHA-256 %s", versions[len(versions)-1], listed, j.file.SHA256)
	}
}
