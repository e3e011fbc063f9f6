package archtest

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// source is a package parsed without its tests, its constants worked out.
type source struct {
	pkg
	fset  *token.FileSet
	files []*ast.File
	info  types.Info
}

// nothing imports every package as an empty one: constants of our own are
// made of literals and of each other, and the rest need not be right.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}

func parse(t *testing.T, p pkg) source {
	t.Helper()
	s := source{pkg: p, fset: token.NewFileSet(), info: types.Info{
		Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{},
	}}
	for _, name := range p.Files {
		f, err := parser.ParseFile(s.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, f)
	}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}, FakeImportC: true}
	_, _ = conf.Check(p.Name, s.fset, s.files, &s.info) // its complaints are about the empty imports
	return s
}

func (s source) at(pos token.Pos) string {
	p := s.fset.Position(pos)
	return s.Name + "/" + filepath.Base(p.Filename) + ":" + itoa(p.Line)
}

func itoa(n int) string { return constant.MakeInt64(int64(n)).ExactString() }

// sqlConstant is a package-level constant whose name starts with "sql".
type sqlConstant struct {
	at, name, sql string
	known         bool // false when its value is not made of constants of the package
}

func (s source) sqlConstants() (all []sqlConstant) {
	for _, f := range s.files {
		for _, decl := range f.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if !strings.HasPrefix(name.Name, "sql") {
						continue
					}
					c := sqlConstant{at: s.at(name.Pos()), name: name.Name}
					if obj, ok := s.info.Defs[name].(*types.Const); ok && obj.Val().Kind() == constant.String {
						c.sql, c.known = constant.StringVal(obj.Val()), true
					}
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// text is a string in the source: the largest constant expression around it.
type text struct {
	at, value string
}

// texts returns every constant string of the package, whole where it is put
// together from pieces.
func (s source) texts() (all []text) {
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if v := s.info.Types[e].Value; v != nil && v.Kind() == constant.String {
				all = append(all, text{s.at(e.Pos()), constant.StringVal(v)})
				return false
			}
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				all = append(all, text{s.at(e.Pos()), constant.StringVal(constant.MakeFromLiteral(lit.Value, lit.Kind, 0))})
			}
			return true
		})
	}
	return all
}
