package ballotclient

import (
	"html/template"
	"io"
	"time"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/qrcode"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// sheetsView is what the page to print shows.
type sheetsView struct {
	Title  string
	Lot    string
	Closes string
	Form   questionnaire.Questionnaire
	Sheets []sheetView
}

type sheetView struct {
	Code string
	Name string // under which the ledger has the ballot at closing
	QR   qrcode.Square
}

// localTime is where rounds are held: sheets say their end in local time.
var localTime = time.FixedZone("CST", 8*60*60)

// WriteSheets writes the sheets as one page without any outside part, in the order given, ready to print on A4: a sheet begins on a page of its
// own. On each is what is asked, the code that makes it a ballot, and a strip to keep with the name under which the ledger has it at closing.
// Nothing on a sheet or in their order says where it goes.
func WriteSheets(w io.Writer, o PrintOrder, sheets []ballot.Sheet) error {
	v := sheetsView{Title: o.Paper.Title, Lot: o.Lot, Closes: o.Paper.ClosesAt.In(localTime).Format("2006-01-02 15:04"), Form: o.Paper.Questionnaire}
	for _, s := range sheets {
		square, err := qrcode.Draw(s.Code.Scanned())
		if err != nil {
			return err
		}
		v.Sheets = append(v.Sheets, sheetView{s.Code.String(), s.Kept.Name().String(), square})
	}
	return sheetsPage.Execute(w, v)
}

// scale is the points of a rating.
func scale(k questionnaire.Kind) []int {
	switch k {
	case questionnaire.Rating:
		return []int{1, 2, 3, 4, 5}
	case questionnaire.Scale10:
		return []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	}
	return nil
}

var sheetsPage = template.Must(template.New("sheets").Funcs(template.FuncMap{"scale": scale}).Parse(`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{{.Title}} {{.Lot}}</title>
<style>
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0; color: #000 }
article { break-after: page }
article:last-child { break-after: auto }
header { display: flex; gap: 6mm; border-bottom: 1px solid #000; padding-bottom: 3mm }
svg { width: 26mm; height: 26mm; flex: none }
h1 { font-size: 14pt; margin: 0 }
h2 { font-size: 11pt; margin: 3mm 0 1mm }
p { margin: 1mm 0 }
code { font: bold 12pt/1.5 "DejaVu Sans Mono", Consolas, monospace; white-space: nowrap }
li { break-inside: avoid; margin: 1.5mm 0 }
ol { margin: 0; padding-left: 7mm }
b { display: inline-block; min-width: 13mm; font-weight: normal; white-space: nowrap }
b::before { content: "☐ " }
i { display: block; border-bottom: 1px solid #777; height: 9mm }
small { font-size: 8.5pt }
footer { border-top: 1px dashed #000; margin-top: 4mm; padding-top: 2mm; break-inside: avoid }
footer code { font-size: 8.5pt; white-space: normal; word-break: break-all }
</style>
</head>
<body>
{{range .Sheets}}{{$sheet := .}}<article>
<header>
<svg viewBox="{{.QR.View}}" role="img" aria-label="QR"><path d="{{.QR.Path}}"/></svg>
<div>
<h1>{{$.Title}}</h1>
<p>请在 <strong>{{$.Closes}}</strong> 前填写，放回信封密封后交回。不要写姓名、房号和电话。</p>
<p><small lang="en">Please fill in before {{$.Closes}}, seal it in the envelope and give it back. Write no name, room or telephone.</small></p>
<p><code>{{.Code}}</code> <small>批次 {{$.Lot}}</small></p>
</div>
</header>
<p><small>本编码随机生成，打乱后装封；发放时只登记“已领取”，不登记领取的是哪一个信封，任何人都无法由答卷查到住户。物业服务企业人员不得发放、代填或收取。</small></p>
{{range $.Form.Sections}}<h2>{{.Title.Zh}}</h2>
<ol>
{{range .Items}}<li>{{.Prompt.Zh}}{{if .ShowIf}} <small>（如适用）</small>{{end}}{{if .Required}} <small>（必填）</small>{{end}}<br>
{{with scale .Kind}}{{range .}}<b>{{.}}</b>{{end}}{{end}}{{range .Options}}<b>{{.Text.Zh}}</b> {{end}}{{if .DontKnow}}<b>不了解</b>{{end}}{{if eq (print .Kind) "text"}}<i></i><i></i>{{end}}</li>
{{end}}</ol>
{{end}}
<footer>
<p><small>✂ 此条请留存。测评结束后，可凭以下名称在公开账本中核对本选票是否计入或作废：批次 {{$.Lot}}</small></p>
<p><code>{{.Name}}</code></p>
<p><small lang="en">Keep this strip: under this name the public ledger has the ballot once the survey is closed, as counted or as void.</small></p>
</footer>
</article>
{{end}}</body>
</html>
`))
