package cost

// Team is who uses a registry, and what for in a month.
type Team struct {
	Name string
	// Boxes is how many boxes are in use, BoxGB how large a file of theirs is, StoredGB what all files take.
	Boxes           float64
	BoxGB, StoredGB float64
	// Adds is how often a box is downloaded, Checks how often `vagrant up` looks for a newer one, Pushes
	// how many files are published.
	Adds, Checks, Pushes float64
	// Cold is the share of requests that start a function.
	Cold float64
	// Metrics is how many there are in the average hour: one for each row and class of answers that
	// is asked for in it.
	Metrics float64
}

// Teams are the three sizes of the page.
var Teams = []Team{
	{
		Name: "5 people", Boxes: 5, BoxGB: 1, StoredGB: 20,
		Adds: 50, Checks: 1_000, Pushes: 20, Cold: 0.5, Metrics: 2,
	},
	{
		Name: "50 people and their CI", Boxes: 50, BoxGB: 1, StoredGB: 500,
		Adds: 2_000, Checks: 20_000, Pushes: 300, Cold: 0.1, Metrics: 15,
	},
	{
		Name: "a public project", Boxes: 20, BoxGB: 1, StoredGB: 500,
		Adds: 10_240, Checks: 200_000, Pushes: 100, Cold: 0.02, Metrics: 25,
	},
}

// Usage is what the team uses in a month, with links to CloudFront (edge) or to S3.
func (t Team) Usage(edge bool) Usage {
	u := Usage{QueueRequest: Polls, Metric: t.Metrics, BucketGB: t.StoredGB}
	u.requests(t.Adds, t.Cold, BoxAdd)
	u.requests(t.Checks, t.Cold, Check)
	u.requests(t.Pushes, t.Cold, Push)
	u.work(Recounts(t.Adds, t.Boxes), t.Cold, AddWork)
	u.work(t.Pushes, t.Cold, PushWork)
	u.store(t.Pushes, t.BoxGB)
	u.deliver(t.Adds, t.BoxGB, edge)
	u[TableGB] = t.StoredGB / t.BoxGB * versionGB
	u[BackupGB] = u[TableGB]
	u[LogGB] = u[LogIn]
	return u
}

// AMillionAdds is what a million `vagrant box add` of 20 boxes in a month use beside the bytes of the
// boxes, when all that is free is used up.
func AMillionAdds(edge bool) Usage {
	u := Usage{}
	u.requests(1e6, 0.01, BoxAdd)
	u.work(Recounts(1e6, 20), 0.01, AddWork)
	u.deliver(1e6, 0, edge)
	u[LogGB] = u[LogIn]
	return u
}

// Recounts is how many pieces of work n downloads of some boxes leave in a month: the downloads of a
// box are added up every ten minutes at the most.
func Recounts(n, boxes float64) float64 { return min(n, boxes*month/600) }
