package api

// TestMail asks for a test letter: by a mail server that is named here, or, with nothing but
// TestEmail, by the one that the registry uses.
type TestMail struct {
	Host string `json:"host,omitempty"`
	Port int    `json:"port,omitempty"`
	// Secure is TLS, from the first byte or by STARTTLS; false is STARTTLS where it is offered.
	Secure bool     `json:"secure,omitempty"`
	Auth   MailAuth `json:"auth,omitzero"`
	To     string   `json:"to,omitempty"`
	From   string   `json:"from,omitempty"`
	// TestEmail is where the registry's own mail server is to send to.
	TestEmail string `json:"testEmail,omitempty"`
}

// MailAuth signs in to a mail server.
type MailAuth struct {
	User string `json:"user,omitempty"`
	Pass string `json:"pass,omitempty"`
}
