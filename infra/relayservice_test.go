package infra

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/cost"
	"github.com/boxvault/boxvault/functions/deployment"
)

type taskDefinition struct {
	CPU, Memory          string
	RuntimePlatform      struct{ CPUArchitecture string }
	ContainerDefinitions []struct {
		Environment            []struct{ Name, Value string }
		LogConfiguration       struct{ Options map[string]string }
		PortMappings           []struct{ ContainerPort int }
		ReadonlyRootFilesystem bool
		StopTimeout            float64
	}
}

func TestTheRelayRunsAsItWasMeasured(t *testing.T) {
	s, c := withRelay(t, func(p *Parameters) { p.Origins, p.LogDays = "https://pages.example", 7 })
	task := all[taskDefinition](c, "AWS::ECS::TaskDefinition")[c.only("AWS::ECS::TaskDefinition")]
	if task.CPU != fmt.Sprint(deployment.RelayCPU) || task.Memory != fmt.Sprint(deployment.RelayMemory) || task.RuntimePlatform.CPUArchitecture != "ARM64" {
		t.Errorf("the task is %+v", task)
	}
	container := task.ContainerDefinitions[0]
	if container.PortMappings[0].ContainerPort != deployment.RelayPort || !container.ReadonlyRootFilesystem || container.StopTimeout != deployment.RelayStop.Seconds() {
		t.Errorf("the container is %+v", container)
	}
	told := map[string]string{}
	for _, e := range container.Environment {
		told[e.Name] = e.Value
	}
	for name, want := range map[string]string{
		"BOXVAULT_ORIGINS": "https://pages.example", "BOXVAULT_SIGNUP": "invite", "BOXVAULT_SECRET_PARAMETER": "/BoxVault/token-secret",
		"AWS_REGION": "${AWS::Region}", "GOMEMLIMIT": fmt.Sprintf("%dMiB", deployment.RelayHeap),
	} {
		if told[name] != want {
			t.Errorf("%s is %q, want %q", name, told[name], want)
		}
	}
	if len(told) != 7 || !strings.Contains(told["BOXVAULT_TABLE"], "relayRelayTable") || !strings.Contains(told["BOXVAULT_BUCKET"], "relayRelayBucket") {
		t.Errorf("it is told %q", slices.Sorted(maps.Keys(told)))
	}
	for id, r := range c.resources {
		if logs := as[logGroup](r.Properties); r.Type == "AWS::Logs::LogGroup" && (logs.RetentionInDays != 7 || r.DeletionPolicy != "Delete") {
			t.Errorf("%s stays for %d days, %s", id, logs.RetentionInDays, r.DeletionPolicy)
		}
	}
	images, err := os.ReadFile(filepath.Join(s.dir, "BoxVaultRelay.assets.json"))
	if err != nil || !strings.Contains(string(images), `"platform": "linux/arm64"`) {
		t.Errorf("the image is built by %s, %v", images, err)
	}
}

// What is under way at a task that is replaced has its time, and as many tasks are there as are needed.
func TestTheRelayIsScaledAndLeftInPeace(t *testing.T) {
	_, c := relayed(t)
	scaled := c.properties(t, "AWS::ApplicationAutoScaling::ScalableTarget")
	if !strings.Contains(scaled, fmt.Sprintf(`"MaxCapacity":%d,"MinCapacity":1`, deployment.RelayTasks)) {
		t.Errorf("it is scaled by %s", scaled)
	}
	if policy := c.properties(t, "AWS::ApplicationAutoScaling::ScalingPolicy"); !strings.Contains(policy, fmt.Sprintf(`"TargetValue":%d`, deployment.RelayBusy)) {
		t.Errorf("it is scaled by %s", policy)
	}
	targets := c.properties(t, "AWS::ElasticLoadBalancingV2::TargetGroup")
	for _, want := range []string{
		`"HealthCheckPath":"/health"`, `"Matcher":{"HttpCode":"204"}`, `"TargetType":"ip"`,
		fmt.Sprintf(`"Key":"deregistration_delay.timeout_seconds","Value":"%.0f"`, deployment.RelayDrain.Seconds()),
	} {
		if !strings.Contains(targets, want) {
			t.Errorf("the targets have no %s: %s", want, targets)
		}
	}
	balancer := c.properties(t, "AWS::ElasticLoadBalancingV2::LoadBalancer")
	if !strings.Contains(balancer, fmt.Sprintf(`"Key":"idle_timeout.timeout_seconds","Value":"%.0f"`, deployment.RelayIdle.Seconds())) {
		t.Errorf("the balancer is %s", balancer)
	}
	service := c.properties(t, "AWS::ECS::Service")
	if !strings.Contains(service, `"DeploymentCircuitBreaker":{"Enable":true,"Rollback":true},"MaximumPercent":200,"MinimumHealthyPercent":100`) {
		t.Errorf("the service is %s", service)
	}
}

// The relay alone costs at rest, and what the page says: there is no NAT, and no endpoint but gateways.
func TestTheRelayCostsWhatThePageSays(t *testing.T) {
	_, c := relayed(t)
	usd := cost.PriceOf(cost.AddressMonth).Of(1) // of the task, which is no resource
	for id, r := range c.resources {
		known, ok := cost.Resource(r.Type)
		switch {
		case !ok:
			t.Errorf("%s is a %s: say in functions/cost what that costs at rest", id, r.Type)
		case r.Type == "AWS::EC2::VPCEndpoint":
			if r.Properties["VpcEndpointType"] != "Gateway" {
				t.Errorf("%s costs %.2f USD a month", id, known.USD())
			}
		case known.USD() > 0 && !strings.HasPrefix(id, "BoxVaultRelay."):
			t.Errorf("%s is a %s, which costs %.2f USD a month at rest", id, r.Type, known.USD())
		default:
			usd += known.USD()
		}
	}
	if fmt.Sprintf("%.2f", usd) != fmt.Sprintf("%.2f", cost.RelayUSD()) {
		t.Errorf("it costs %.2f USD a month at rest, the page says %.2f", usd, cost.RelayUSD())
	}
}

// In some zones CloudFront reaches no network, and which zone comes first is another in each account.
func TestTheRelayIsInTheZonesThatAreChosen(t *testing.T) {
	_, c := withRelay(t, func(p *Parameters) { p.Zones = "eu-central-1b,eu-central-1c" })
	zones := map[string]int{}
	for _, s := range all[struct{ AvailabilityZone string }](c, "AWS::EC2::Subnet") {
		zones[s.AvailabilityZone]++
	}
	if want := map[string]int{"eu-central-1b": 2, "eu-central-1c": 2}; !maps.Equal(zones, want) {
		t.Errorf("the subnets are in %v, want %v", zones, want)
	}
}

func TestThereIsNoRelayUnlessItIsAskedFor(t *testing.T) {
	s, _ := withEdge(t, func(*Parameters) {})
	if _, err := os.Stat(filepath.Join(s.dir, "BoxVaultRelay.template.json")); !os.IsNotExist(err) {
		t.Errorf("there is one: %v", err)
	}
}
