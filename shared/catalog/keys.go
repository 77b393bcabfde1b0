package catalog

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// Every key that the store ever sees is made here.
//
//	partition                 sort                    document
//	system                    first-account           firstAccount: who became platform admin
//	system                    config                  registry.Config
//	system                    certificate             registry.Certificate
//	account#ID                account                 registry.Account
//	account#ID                member#HOME             registry.Membership (the same as below)
//	account#ID                service#ID              registry.ServiceAccount, for the owner's list
//	accounts                  NAME                    registry.Account less its password, for lists
//	login#NAME                login                   login: whose user name or client id it is
//	email#ADDRESS             email                   login: whose address it is
//	session#ID                ended                   marks a session that was signed out
//	service#ID                service                 registry.ServiceAccount
//	token#SHA256              token                   registry.ServiceAccount, found by its secret
//	organization#HOME         organization            registry.Organization
//	organization#NAME         organization            registry.Organization with nothing but its Home: another name
//	organization#HOME         member#ID               registry.Membership
//	organization#HOME         service#ID              registry.ServiceAccount, for the organization's list
//	organization#HOME         request#ID              registry.JoinRequest
//	organization#HOME         asked#ACCOUNTID         registry.JoinRequest, so that nobody asks twice at a time
//	account#ID                request#ID              registry.JoinRequest, for the account's list
//	organization#HOME         told#ACCOUNTID          marks that admins were written to about who asks
//	organization#HOME         invitation#ADDRESS      registry.Invitation
//	organization#HOME         webhooks                Webhooks of the organization
//	invited#ADDRESS           letters                 a count of invitations by letter
//	organizations             HOME                    registry.Organization, for lists
//	organizations#open        HOME                    the same, if everyone may find it
//	boxes#HOME                BOX                     registry.Box less its readme, for lists
//	box#HOME/BOX              box                     registry.Box
//	box#HOME/BOX              gone                    marks that a file has left its URL below this name
//	box#HOME/BOX              mirrored                mirrored: the upstream need not be asked again for a while
//	box#HOME/BOX              moved                   moved: the box whose versions are here under another name
//	box#HOME/BOX              version#NUMBER          registry.Version, with providers, architectures, files
//	counts#BOXID              FILEID                  a count of downloads
//	counts#BOXID              total                   downloadTotal: their sum, a while ago
//	watches#BOXID             watch#ACCOUNTID         registry.Watch
//	account#ID                watch#BOXID             the same, for the account's list
//	find#SCOPE#SORT#TERM      NUMBER#BOXID            search.Posting: a box that is found by the term
//	indexed#BOXID             indexed                 indexed: which of those lists a box stands in
//	tally#ORGANIZATIONID      boxes, publicBoxes      a count of boxes, as far as they are indexed
//	uploads#HOME/BOX          upload#UPLOADID         registry.Upload
//	uploads#HOME/BOX          upload#file-FILEID      registry.Upload: a mirror's, of a file that was elsewhere
//	uploads#HOME/BOX          chunked#…               chunked: the upload that chunks belong to
//	failed#NAME               signin                  a count of wrong passwords at sign-in
//	failed#ID                 password                a count of wrong passwords of who is signed in
//	written#ADDRESS           letters                 a count of letters that strangers asked for
//	written#ID                letters                 a count of letters that an account asked for
//	ticket#SHA256             ticket                  registry.Ticket, found by its token
//	ticket#invitation-ID      ticket                  registry.Ticket of an invitation, found by its id
//	audit#ORGANIZATIONID      TIME#ID                 registry.Event
//	audit#MONTH               TIME#ID                 registry.Event, of all organizations and of none
//	totals                    NAME#SHARD              a count of all there is of something
//	answer#SHA256             answer                  Answer: to a request with an Idempotency-Key, for a day
//	webhooks                  webhooks                Webhooks of the platform
//	deliveries#WEBHOOKID      DELIVERYID              registry.Delivery, for a month
//	due                       TIME#ID                 Due: work for the janitor
//
// HOME is where an organization is kept: its first name. HOME, BOX and NAME are folded
// (registry.Fold), NUMBER is registry.Number.Key. SCOPE is `public`, or `private#ORGANIZATIONID`; SORT and
// TERM are the search package's, and so is the NUMBER of a posting (search.Place). A box and its versions share a partition, so that
// all of Vagrant's metadata is one Query. Service accounts never change, so their copies cannot
// disagree.

func accountKey(id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "account#" + id.String(), Sort: "account"}
}

func accountMemberKey(id registry.ID, home string) itemstore.Key {
	return itemstore.Key{Partition: accountKey(id).Partition, Sort: memberPrefix + home}
}

func accountListKey(username string) itemstore.Key {
	return itemstore.Key{Partition: "accounts", Sort: registry.Fold(username)}
}

func accountServiceKey(owner, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: accountKey(owner).Partition, Sort: servicePrefix + id.String()}
}

const (
	memberPrefix  = "member#"
	servicePrefix = "service#"
	requestPrefix = "request#"
	askedPrefix   = "asked#"
	toldPrefix    = "told#"
	invitePrefix  = "invitation#"
	versionPrefix = "version#"
	uploadPrefix  = "upload#"
	chunkedPrefix = "chunked#"
	watchPrefix   = "watch#"
)

func loginKey(username string) itemstore.Key {
	return itemstore.Key{Partition: "login#" + registry.Fold(username), Sort: "login"}
}

func emailKey(address string) itemstore.Key {
	return itemstore.Key{Partition: "email#" + registry.Fold(address), Sort: "email"}
}

func endedKey(session string) itemstore.Key {
	return itemstore.Key{Partition: "session#" + session, Sort: "ended"}
}

func serviceKey(id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "service#" + id.String(), Sort: "service"}
}

func tokenKey(hash string) itemstore.Key {
	return itemstore.Key{Partition: "token#" + hash, Sort: "token"}
}

// organizationKey takes a home, or another name.
func organizationKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "organization#" + home, Sort: "organization"}
}

func organizationListKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "organizations", Sort: home}
}

func openOrganizationKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "organizations#open", Sort: home}
}

func memberKey(home string, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: memberPrefix + id.String()}
}

// failedKey counts wrong passwords of a name, whether it is anybody's or not.
func failedKey(username string) itemstore.Key {
	return itemstore.Key{Partition: "failed#" + registry.Fold(username), Sort: "signin"}
}

// failedProofKey counts them apart, so that no stranger's tries get in the way of who is signed in.
func failedProofKey(id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "failed#" + id.String(), Sort: "password"}
}

// writtenKey counts letters that were asked for, by a folded address or an account's id.
func writtenKey(who string) itemstore.Key {
	return itemstore.Key{Partition: "written#" + who, Sort: "letters"}
}

func ticketKey(hash string) itemstore.Key {
	return itemstore.Key{Partition: "ticket#" + hash, Sort: "ticket"}
}

func organizationServiceKey(home string, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: servicePrefix + id.String()}
}

func requestKey(home string, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: requestPrefix + id.String()}
}

func askedKey(home string, account registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: askedPrefix + account.String()}
}

func accountRequestKey(account, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: accountKey(account).Partition, Sort: requestPrefix + id.String()}
}

func toldKey(home string, account registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: toldPrefix + account.String()}
}

// invitationKey has one place for an address: who is invited anew is so in place of before.
func invitationKey(home, address string) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: invitePrefix + registry.Fold(address)}
}

func invitedKey(address string) itemstore.Key {
	return itemstore.Key{Partition: "invited#" + registry.Fold(address), Sort: "letters"}
}

// boxHome names the partition of a box by its first name and the home of its organization.
func boxHome(home, box string) string { return home + "/" + registry.Fold(box) }

func boxKey(home, box string) itemstore.Key {
	return itemstore.Key{Partition: "box#" + boxHome(home, box), Sort: "box"}
}

func movedKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home, Sort: "moved"}
}

func goneKey(home, box string) itemstore.Key {
	return itemstore.Key{Partition: boxKey(home, box).Partition, Sort: "gone"}
}

func boxListKey(home, box string) itemstore.Key {
	return itemstore.Key{Partition: "boxes#" + home, Sort: registry.Fold(box)}
}

// mirroredKey takes where a box keeps its versions.
func mirroredKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home, Sort: "mirrored"}
}

func versionKey(home string, n registry.Number) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home, Sort: versionPrefix + n.Key()}
}

func countKey(box, file registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "counts#" + box.String(), Sort: file.String()}
}

func downloadTotalKey(box registry.ID) itemstore.Key {
	return itemstore.Key{Partition: countKey(box, 0).Partition, Sort: "total"}
}

func watchKey(box, account registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "watches#" + box.String(), Sort: watchPrefix + account.String()}
}

func accountWatchKey(account, box registry.ID) itemstore.Key {
	return itemstore.Key{Partition: accountKey(account).Partition, Sort: watchPrefix + box.String()}
}

// publicScope is of all public boxes, the others are of an organization's members alone.
const publicScope = "public"

func privateScope(organization registry.ID) string { return "private#" + organization.String() }

func findPartition(scope string, by search.Sort, term string) string {
	return "find#" + scope + "#" + string(by) + "#" + term
}

// findKey is where a box stands in the list of a term.
func findKey(e search.Entry, by search.Sort, term string, box registry.ID) itemstore.Key {
	scope := publicScope
	if !e.Public {
		scope = privateScope(e.Organization)
	}
	return itemstore.Key{Partition: findPartition(scope, by, term), Sort: search.Place(e.Value(by), box)}
}

func indexedKey(box registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "indexed#" + box.String(), Sort: "indexed"}
}

// tallyKeys are the counts of an organization's boxes: of all, and of the public ones.
func tallyKeys(organization registry.ID) []itemstore.Key {
	partition := "tally#" + organization.String()
	return []itemstore.Key{{Partition: partition, Sort: "boxes"}, {Partition: partition, Sort: "publicBoxes"}}
}

func uploadKey(boxHome, id string) itemstore.Key {
	return itemstore.Key{Partition: "uploads#" + boxHome, Sort: uploadPrefix + id}
}

// chunkedKey finds the upload that a chunk belongs to: chunks carry no upload id.
func chunkedKey(b registry.Box, account registry.ID, t registry.Target, chunks int) itemstore.Key {
	sort := chunkedPrefix + b.ID.String() + "#" + account.String() + "#" + t.Version.Key() + "#" + registry.Fold(t.Provider) +
		"#" + registry.Fold(t.Architecture) + "#" + registry.ID(chunks).String()
	return itemstore.Key{Partition: uploadKey(b.Home, "").Partition, Sort: sort}
}

func auditKey(organization registry.ID, e registry.Event) itemstore.Key {
	return itemstore.Key{Partition: "audit#" + organization.String(), Sort: auditSort(e)}
}

func auditMonthKey(e registry.Event) itemstore.Key {
	return itemstore.Key{Partition: "audit#" + month(e.At), Sort: auditSort(e)}
}

func auditSort(e registry.Event) string { return fmt.Sprintf("%s#%016d", auditTime(e.At), e.ID) }

// auditTime is finer than dueTime: one request quickly follows another.
func auditTime(at time.Time) string { return at.UTC().Format(auditLayout) }

const auditLayout = "20060102T150405.000000Z"

func month(at time.Time) string { return at.UTC().Format("2006-01") }

func answerKey(name string) itemstore.Key {
	return itemstore.Key{Partition: "answer#" + name, Sort: "answer"}
}

// webhooksKey takes a home; empty stands for the platform.
func webhooksKey(home string) itemstore.Key {
	if home == "" {
		return itemstore.Key{Partition: "webhooks", Sort: "webhooks"}
	}
	return itemstore.Key{Partition: organizationKey(home).Partition, Sort: "webhooks"}
}

func deliveryKey(webhook registry.ID, id string) itemstore.Key {
	return itemstore.Key{Partition: "deliveries#" + webhook.String(), Sort: id}
}

func dueKey(at time.Time, id string) itemstore.Key {
	return itemstore.Key{Partition: DuePartition, Sort: dueTime(at) + "#" + id}
}

// DuePartition is the partition of the janitor's list.
const DuePartition = "due"

// dueTime sorts as text in the order of time.
func dueTime(at time.Time) string { return at.UTC().Format(dueLayout) }

const dueLayout = "20060102T150405.000Z"

// DueTime is the time in a place on the list, the zero time when there is none.
func DueTime(place string) time.Time {
	at, _ := time.Parse(dueLayout, place[:min(len(place), len(dueLayout))])
	return at
}

// duePlace is what a place on the list looks like.
var duePlace = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}Z#[!-~]{1,200}$`)

func totalKey(name total, shard int) itemstore.Key {
	return itemstore.Key{Partition: "totals", Sort: string(name) + "#" + strconv.Itoa(shard)}
}

var (
	firstAccountKey = itemstore.Key{Partition: "system", Sort: "first-account"}
	configKey       = itemstore.Key{Partition: firstAccountKey.Partition, Sort: "config"}
	certificateKey  = itemstore.Key{Partition: firstAccountKey.Partition, Sort: "certificate"}
)
