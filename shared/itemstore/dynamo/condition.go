package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// An item that has expired may still be in the table; these say so in DynamoDB's terms. A
// comparison with an attribute that is not there is false.
const (
	isGone = "(attribute_not_exists(pk) OR expires <= :now)"
	isLive = "attribute_exists(pk) AND (attribute_not_exists(expires) OR expires > :now)"
	// isFresh leaves out expired items only: an Add must not count on from what they had.
	isFresh = "(attribute_not_exists(expires) OR expires > :now)"
	// isStale is the opposite.
	isStale = "expires <= :now"
)

// expression is a condition as DynamoDB wants it; text is nil when there is none. DynamoDB
// refuses values that the text does not use, and an empty set of them.
type expression struct {
	text   *string
	values attributes
}

// expressionOf puts a condition of the port into DynamoDB's terms, as of now.
func expressionOf(c itemstore.Condition, now int64) expression {
	rev, wantsRev := c.WantsRev()
	switch {
	case c.Any():
		return expression{}
	case c.WantsAbsent():
		return asOf(isGone, now)
	case wantsRev:
		e := asOf(isLive+" AND rev = :rev", now)
		e.values[":rev"] = number(rev)
		return e
	default:
		return asOf(isLive, now)
	}
}

// asOf is an expression that names no value but the time.
func asOf(condition string, now int64) expression {
	return expression{text: aws.String(condition), values: attributes{":now": number(now)}}
}
