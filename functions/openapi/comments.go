package openapi

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// comments are the doc comments of the module's source, read package by package as they are asked
// for.
type comments struct {
	dir, module string // the top of the module, and its path
	packages    map[string]map[string]string
}

func newComments(dir, module string) *comments {
	return &comments{dir: dir, module: module, packages: map[string]map[string]string{}}
}

// ofPackage returns what a package says it is.
func (c *comments) ofPackage(path string) (string, error) { return c.find(path, "") }

// ofType returns the comment of a type; of one without a name or from elsewhere there is none.
func (c *comments) ofType(t reflect.Type) (string, error) { return c.find(t.PkgPath(), t.Name()) }

// ofField returns the comments of a field of a struct type, the one above and the one behind it.
func (c *comments) ofField(t reflect.Type, field string) (string, error) {
	return c.find(t.PkgPath(), t.Name()+"."+field)
}

func (c *comments) find(path, name string) (string, error) {
	below, ours := strings.CutPrefix(path, c.module+"/")
	if !ours {
		return "", nil
	}
	if c.packages[path] == nil {
		found, err := readComments(filepath.Join(c.dir, filepath.FromSlash(below)))
		if err != nil {
			return "", err
		}
		c.packages[path] = found
	}
	return c.packages[path][name], nil
}

// readComments returns the comments of the types of a package and of their fields (Type.Field), and
// as "" that of the package.
func readComments(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", dir, err)
	}
	found := map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if doc := flow(file.Doc); doc != "" {
			found[""] = doc
		}
		readTypes(file, found)
	}
	return found, nil
}

func readTypes(file *ast.File, found map[string]string) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.TYPE {
			continue
		}
		for _, s := range decl.Specs {
			spec := s.(*ast.TypeSpec)
			found[spec.Name.Name] = join(flow(spec.Doc), flow(decl.Doc))
			if object, ok := spec.Type.(*ast.StructType); ok {
				readFields(spec.Name.Name, object, found)
			}
		}
	}
}

func readFields(typeName string, object *ast.StructType, found map[string]string) {
	for _, f := range object.Fields.List {
		for _, name := range f.Names {
			found[typeName+"."+name.Name] = join(flow(f.Doc), flow(f.Comment))
		}
	}
}

// flow is a comment without its line breaks, but for those between paragraphs.
func flow(group *ast.CommentGroup) string {
	paragraphs := strings.Split(strings.TrimSpace(group.Text()), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

func join(texts ...string) string { return strings.TrimSpace(strings.Join(texts, " ")) }
