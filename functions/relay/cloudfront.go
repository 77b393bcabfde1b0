package relay

import (
	"net"
	"net/http"
	"strings"
)

// The headers by which CloudFront tells about its client. It writes them over what the client sent, and nobody else
// reaches the relay. Source: docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html.
const (
	viewerAddress = "CloudFront-Viewer-Address" // address:port, of IPv6 without brackets
	viewerScheme  = "CloudFront-Forwarded-Proto"
)

// throughCloudFront makes of a request what it was at CloudFront: the load balancer between says of itself that it
// was asked by CloudFront, and without TLS.
func throughCloudFront(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if scheme := r.Header.Get(viewerScheme); scheme != "" {
			r.Header.Set("X-Forwarded-Proto", scheme)
		}
		if client := r.Header.Get(viewerAddress); client != "" {
			if i := strings.LastIndexByte(client, ':'); i > 0 {
				r.RemoteAddr = net.JoinHostPort(strings.Trim(client[:i], "[]"), client[i+1:])
			}
		}
		next.ServeHTTP(w, r)
	})
}
