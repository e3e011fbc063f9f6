package letter

import (
	"embed"
	"encoding/json"
	"path"
	"strconv"
	"strings"
)

// The shipped kinds: NN_CODE.json is a [Definition] without its wording, NN_CODE.txt
// the wording.
//
//go:embed kinds
var shippedFiles embed.FS

// shipped are the kinds that come with the program, by their numbers.
var shipped = func() (out []Kind) {
	files, err := shippedFiles.ReadDir("kinds")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		name, isDefinition := strings.CutSuffix(f.Name(), ".json")
		if !isDefinition {
			continue
		}
		no, code, _ := strings.Cut(name, "_")
		k := Kind{Code: code}
		if k.No, err = strconv.Atoi(no); err != nil {
			panic(err)
		}
		if err := json.Unmarshal(shippedFile(name+".json"), &k.Definition); err != nil {
			panic(f.Name() + ": " + err.Error())
		}
		k.Body = string(shippedFile(name + ".txt"))
		out = append(out, k)
	}
	return out
}()

func shippedFile(name string) []byte {
	b, err := shippedFiles.ReadFile(path.Join("kinds", name))
	if err != nil {
		panic(err)
	}
	return b
}
