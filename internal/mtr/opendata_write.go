package mtr

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// DataContent is which table of the open data.
type DataContent string

const (
	DataReports DataContent = "laporan"
	DataFigures DataContent = "statistik"
)

// DataContents that there are.
var DataContents = []DataContent{DataReports, DataFigures}

// DataFormat is how the open data is written.
type DataFormat string

const (
	CSV     DataFormat = sheet.CSV
	XLSX    DataFormat = sheet.XLSX
	GeoJSON DataFormat = "geojson"
)

// DataFormats that there are.
var DataFormats = []DataFormat{CSV, XLSX, GeoJSON}

// Type is the media type of the format; "" when there is no such format.
func (f DataFormat) Type() string {
	if f == GeoJSON {
		return "application/geo+json"
	}
	return sheet.Types[string(f)]
}

// geometry of GeoJSON (RFC 7946): longitude before latitude.
type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

func pointAt(lat, lng float64) *geometry { return &geometry{"Point", [2]float64{lng, lat}} }

func squareOf(c Cell) *geometry {
	edge := func(n int) float64 { return math.Round(float64(n)*CellDegrees*1000) / 1000 }
	s, n, w, e := edge(c.Row), edge(c.Row+1), edge(c.Column), edge(c.Column+1)
	return &geometry{"Polygon", [][][2]float64{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
}

// boundaries of the kelurahan, by id.
func (m *Module) boundaries(ctx context.Context) (map[string]*geometry, error) {
	all, err := org.Outlines(ctx, m.db)
	out := map[string]*geometry{}
	for _, o := range all {
		out[strconv.FormatInt(o.AreaID, 10)] = &geometry{"MultiPolygon", o.Polygons}
	}
	return out, err
}

// tenth rounds as the pages show days.
func tenth(f float64) float64 { return math.Round(f*10) / 10 }

// dataWriter writes rows in one of the formats. In a sheet what is unknown is empty, and
// nothing that a citizen wrote is ever reckoned (see [sheet.Writer]).
type dataWriter struct {
	row func(values []any, at *geometry) error
	// end finishes the file, or gives it up when err is not nil, which it returns.
	end func(err error) error
}

func newDataWriter(w io.Writer, format DataFormat, title string, columns []DataColumn) (*dataWriter, error) {
	if format == GeoJSON {
		return newGeoJSON(w, columns)
	}
	heads := make([]sheet.Column, len(columns))
	for i, c := range columns {
		heads[i] = sheet.Column{Title: c.Name, Width: float64(max(14, len(c.Name)+2))}
	}
	s, err := sheet.NewWriter(w, string(format), title, heads)
	if err != nil {
		return nil, err
	}
	cells := make([]any, len(columns))
	return &dataWriter{
		row: func(values []any, _ *geometry) error {
			for i, v := range values {
				switch v := v.(type) {
				case nil:
					cells[i] = ""
				case bool:
					cells[i] = strconv.FormatBool(v)
				default:
					cells[i] = v
				}
			}
			return s.Row(cells...)
		},
		end: func(err error) error {
			if err != nil {
				return errors.Join(err, s.Abort())
			}
			return s.Close()
		},
	}, nil
}

func newGeoJSON(w io.Writer, columns []DataColumn) (*dataWriter, error) {
	out := bufio.NewWriterSize(w, 32<<10)
	if _, err := out.WriteString(`{"type":"FeatureCollection","features":[`); err != nil {
		return nil, err
	}
	names := make([][]byte, len(columns))
	for i, c := range columns {
		var err error
		if names[i], err = json.Marshal(c.Name); err != nil {
			return nil, err
		}
	}
	between := "\n"
	return &dataWriter{
		row: func(values []any, at *geometry) error {
			place, err := json.Marshal(at)
			if err != nil {
				return err
			}
			line := append([]byte(between+`{"type":"Feature","geometry":`), place...)
			line = append(line, `,"properties":{`...)
			for i, v := range values {
				value, err := json.Marshal(v)
				if err != nil {
					return err
				}
				if i > 0 {
					line = append(line, ',')
				}
				line = append(append(append(line, names[i]...), ':'), value...)
			}
			between = ",\n"
			_, err = out.Write(append(line, "}}"...))
			return err
		},
		end: func(err error) error {
			if err != nil {
				return err
			}
			_, err = out.WriteString("\n]}\n")
			return errors.Join(err, out.Flush())
		},
	}, nil
}
