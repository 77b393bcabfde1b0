package infra

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/route"
)

func TestTheAPI(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	s.has(t, "AWS::ApiGatewayV2::Api", object{"ProtocolType": "HTTP", "CorsConfiguration": assertions.Match_Absent()})
	s.has(t, "AWS::ApiGatewayV2::Stage", object{
		"StageName": "$default", "AutoDeploy": true,
		"AccessLogSettings": object{
			"DestinationArn": object{"Fn::GetAtt": assertions.Match_AnyValue()},
			"Format":         deployment.AccessLog,
		},
		"DefaultRouteSettings": object{"ThrottlingRateLimit": deployment.Rate, "ThrottlingBurstLimit": deployment.Burst},
	})
	s.has(t, "AWS::Logs::LogGroup", object{
		"LogGroupName": "/aws/vendedlogs/BoxVault/api", "RetentionInDays": 30,
	})
}

// Pages of the origins may do what the handler of one process lets them do.
func TestTheAPIAnswersPreflights(t *testing.T) {
	p := Defaults
	p.Origins, p.Limits = "https://boxes.example.com,https://else.example", "address=60"
	s, err := synthesize(manyGroups(1, 1), p)
	s = must(t, s, err)
	s.has(t, "AWS::ApiGatewayV2::Api", object{"CorsConfiguration": object{
		"AllowOrigins": []string{"https://boxes.example.com", "https://else.example"}, "AllowCredentials": assertions.Match_Absent(),
		"AllowMethods": route.CrossOrigin.Methods, "AllowHeaders": route.CrossOrigin.Headers,
		"ExposeHeaders": route.CrossOrigin.Exposed, "MaxAge": 3600,
	}})
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerRoute(s.groups)) {
		t.Error(fault)
	}
}

func TestTheOutputsNameWhatADeploymentMade(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	for name, value := range map[string]object{
		"ApiUrl":      {"Fn::GetAtt": []string{"Api", "ApiEndpoint"}},
		"Table":       {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^Table"))},
		"Bucket":      {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^Bucket"))},
		"Queue":       {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^Queue"))},
		"DeadLetters": {"Ref": assertions.Match_StringLikeRegexp(jsii.String("^DeadLetters"))},
	} {
		expect(t, func() { s.template.HasOutput(jsii.String(name), object{"Value": value}) })
	}
}
