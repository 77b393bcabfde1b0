package infra

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
)

func TestTheAPI(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	s.has(t, "AWS::ApiGatewayV2::Api", object{"ProtocolType": "HTTP"})
	s.has(t, "AWS::ApiGatewayV2::Stage", object{
		"StageName": "$default", "AutoDeploy": true,
		"AccessLogSettings": object{
			"DestinationArn": object{"Fn::GetAtt": assertions.Match_AnyValue()},
			"Format":         deployment.AccessLog,
		},
	})
	s.has(t, "AWS::Logs::LogGroup", object{
		"LogGroupName": "/aws/vendedlogs/BoxVault/api", "RetentionInDays": 30,
	})
}

func TestTheOutputsNameWhatADeploymentMade(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	for name, value := range map[string]object{
		"ApiUrl": {"Fn::GetAtt": []string{"Api", "ApiEndpoint"}},
		"Table":  {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^Table"))},
		"Bucket": {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^Bucket"))},
	} {
		expect(t, func() { s.template.HasOutput(jsii.String(name), object{"Value": value}) })
	}
}
