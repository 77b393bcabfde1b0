package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecrassets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
)

// newService makes the service: one task, and more while they are busy. A new version takes the place of the old one
// when it is healthy, and what is under way at the old one has RelayDrain to end.
func (r relay) newService() awsecs.FargateService {
	group := r.newSecurityGroup("FromBalancer", "The tasks of the relay")
	group.AddEgressRule(awsec2.Peer_AnyIpv4(), awsec2.Port_Tcp(jsii.Number(443)), jsii.String("AWS"), nil)
	service := awsecs.NewFargateService(r.stack, jsii.String("Service"), &awsecs.FargateServiceProps{
		Cluster: awsecs.NewCluster(r.stack, jsii.String("Cluster"), &awsecs.ClusterProps{
			Vpc: r.network, ContainerInsightsV2: awsecs.ContainerInsights_DISABLED, // which would cost
		}),
		TaskDefinition:    r.newTask(),
		AssignPublicIp:    jsii.Bool(true),
		VpcSubnets:        &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PUBLIC},
		SecurityGroups:    &[]awsec2.ISecurityGroup{group},
		MinHealthyPercent: jsii.Number(100),
		MaxHealthyPercent: jsii.Number(200),
		CircuitBreaker:    &awsecs.DeploymentCircuitBreaker{Rollback: jsii.Bool(true)},
	})
	service.AutoScaleTaskCount(&awsapplicationautoscaling.EnableScalingProps{
		MinCapacity: jsii.Number(1), MaxCapacity: jsii.Number(deployment.RelayTasks),
	}).ScaleOnCpuUtilization(jsii.String("Busy"), &awsecs.CpuUtilizationScalingProps{TargetUtilizationPercent: jsii.Number(deployment.RelayBusy)})
	return service
}

// newTask is the program with the rights that its rows need, in an image of nothing else.
func (r relay) newTask() awsecs.FargateTaskDefinition {
	scope := constructs.NewConstruct(r.stack, jsii.String("Task"))
	task := awsecs.NewFargateTaskDefinition(scope, jsii.String("Definition"), &awsecs.FargateTaskDefinitionProps{
		Cpu:            jsii.Number(deployment.RelayCPU),
		MemoryLimitMiB: jsii.Number(deployment.RelayMemory),
		TaskRole:       newRoleFor(scope, "ecs-tasks.amazonaws.com", r.statements(r.answers.Needs)),
		RuntimePlatform: &awsecs.RuntimePlatform{
			CpuArchitecture: awsecs.CpuArchitecture_ARM64(), OperatingSystemFamily: awsecs.OperatingSystemFamily_LINUX(),
		},
	})
	task.AddContainer(jsii.String(deployment.RelayGroup), &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromAsset(jsii.String(r.binaries(deployment.RelayGroup)), &awsecs.AssetImageProps{
			Platform: awsecrassets.Platform_LINUX_ARM64(),
		}),
		Environment:            r.environment(),
		PortMappings:           &[]*awsecs.PortMapping{{ContainerPort: jsii.Number(deployment.RelayPort)}},
		ReadonlyRootFilesystem: jsii.Bool(true),
		StopTimeout:            awscdk.Duration_Seconds(jsii.Number(deployment.RelayStop.Seconds())),
		Logging: awsecs.LogDriver_AwsLogs(&awsecs.AwsLogDriverProps{
			LogGroup: newLogGroup(scope, "Logs", "/aws/ecs/"+r.Stack+"-Relay", r.Parameters), StreamPrefix: jsii.String(deployment.RelayGroup),
		}),
	})
	return task
}

// environment is that of functions, and what only the relay is told. Its rows make no links that the edge would sign.
func (r relay) environment() *map[string]*string {
	s := r.settings()
	s.Origins, s.Edge = r.Origins, ""
	env := environment(s)
	(*env)["AWS_REGION"] = r.stack.Region()
	(*env)["GOMEMLIMIT"] = jsii.String(fmt.Sprintf("%dMiB", deployment.RelayHeap))
	return env
}
