// Package edge names what CloudFormation has a function of its own for, when the edge is deployed.
package edge

// The custom resources, by CloudFormation's name of their type.
const (
	// Pages are the files of package web in a bucket: the property Bucket is its name, and Version what
	// web.Version is of the files.
	Pages = "Custom::EdgePages"
	// Mark is the mark that the distribution puts on what it asks the API. It is the attribute Mark.
	Mark = "Custom::EdgeMark"
)
