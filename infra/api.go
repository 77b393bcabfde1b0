package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/route"
)

// newAPI makes the HTTP API with its one stage. API Gateway is written in CloudFormation's own
// resources here: the CDK's integration would add a permission for each route.
func newAPI(scope constructs.Construct, p Parameters) awsapigatewayv2.CfnApi {
	api := awsapigatewayv2.NewCfnApi(scope, jsii.String("Api"), &awsapigatewayv2.CfnApiProps{
		Name:              jsii.String(p.Stack),
		ProtocolType:      jsii.String("HTTP"),
		CorsConfiguration: crossOrigin(p.Origins),
	})
	// Groups under /aws/vendedlogs/ need no entry of their own in the account's resource policy
	// for logs, which is full at 5,120 characters.
	logs := newLogGroup(scope, "ApiLogs", "/aws/vendedlogs/"+p.Stack+"/api", p)
	awsapigatewayv2.NewCfnStage(scope, jsii.String("Stage"), &awsapigatewayv2.CfnStageProps{
		ApiId:      api.Ref(),
		StageName:  jsii.String("$default"),
		AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: logs.LogGroupArn(),
			Format:         jsii.String(deployment.AccessLog),
		},
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit:  jsii.Number(deployment.Rate),
			ThrottlingBurstLimit: jsii.Number(deployment.Burst),
		},
	})
	return api
}

// crossOrigin lets API Gateway answer preflights by itself. It also puts its own headers in the place
// of what a function says to pages of other origins, so functions are not told the origins.
func crossOrigin(text string) any {
	origins, err := route.ParseOrigins(text)
	if err != nil || len(origins) == 0 { // parameters are checked before
		return nil
	}
	return &awsapigatewayv2.CfnApi_CorsProperty{
		AllowOrigins:  jsii.Strings(origins...),
		AllowMethods:  jsii.Strings(route.CrossOrigin.Methods...),
		AllowHeaders:  jsii.Strings(route.CrossOrigin.Headers...),
		ExposeHeaders: jsii.Strings(route.CrossOrigin.Exposed...),
		MaxAge:        jsii.Number(route.CrossOrigin.MaxAge.Seconds()),
	}
}

// lead leads the function's route keys to it. The one permission is for the whole API: with one
// for each route a stack would be full at half the rows.
func (g group) lead(scope constructs.Construct, f deployment.Function, to awslambda.Function) {
	mayCall(scope, to, "apigateway.amazonaws.com", awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("execute-api"), Resource: g.api.Ref(), ResourceName: jsii.String("*"),
	}))
	integration := awsapigatewayv2.NewCfnIntegration(scope, jsii.String("Integration"), &awsapigatewayv2.CfnIntegrationProps{
		ApiId:                g.api.Ref(),
		IntegrationType:      jsii.String("AWS_PROXY"),
		IntegrationUri:       to.FunctionArn(),
		PayloadFormatVersion: jsii.String("2.0"),
	})
	for _, key := range f.Keys {
		awsapigatewayv2.NewCfnRoute(g.routes, jsii.String(key), &awsapigatewayv2.CfnRouteProps{
			ApiId:    g.api.Ref(),
			RouteKey: jsii.String(key),
			Target:   jsii.String("integrations/" + *integration.Ref()),
		})
	}
}

// mayCall lets a service of AWS call the function, on behalf of one resource.
func mayCall(scope constructs.Construct, to awslambda.Function, service string, resource *string) {
	awslambda.NewCfnPermission(scope, jsii.String("Permission"), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: to.FunctionName(),
		Principal:    jsii.String(service),
		SourceArn:    resource,
	})
}
