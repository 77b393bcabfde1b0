package vagrant

import "sync"

// cache keeps rendered metadata by the revisions it was made of. What it returns is never stale:
// the revisions are read anew for every request, only decoding and rendering are saved.
type cache struct {
	mu      sync.RWMutex
	entries map[string]entry
	size    int // bytes
}

type entry struct {
	stamp string
	body  []byte
}

// maxCache is the most bytes kept; beyond that the cache begins anew.
const maxCache = 16 << 20

func (c *cache) get(key, stamp string) ([]byte, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.entries[key]
	return e.body, ok && e.stamp == stamp
}

func (c *cache) put(key, stamp string, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || c.size+len(body) > maxCache {
		c.entries, c.size = map[string]entry{}, 0
	}
	c.size += len(body) - len(c.entries[key].body)
	c.entries[key] = entry{stamp, body}
}
