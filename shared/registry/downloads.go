package registry

// Downloads are how often files were downloaded, by their ids.
type Downloads map[ID]int64

// Total is the sum of all.
func (d Downloads) Total() (n int64) {
	for _, count := range d {
		n += count
	}
	return n
}
