package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"unicode/utf16"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/renovation"
)

func (s *site) tenders(ctx context.Context) error {
	err := s.take("tender", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.ChooseContractor(ctx, s.as["street-office"], s.project, how, renovation.Tender{ContractorID: s.orgs["contractor"], Reference: "宁海招〔示范〕07号", On: s.today(), PriceFen: 38_260_000})
	})
	if err != nil {
		return err
	}
	return s.advance(ctx, renovation.Tendered)
}

func (s *site) beginsWorks(ctx context.Context) error {
	begin, today := clock.DateOf(s.begin()), clock.DateOf(s.now)
	for _, m := range []struct {
		title string
		on    clock.Date
	}{{"进场、围挡和告知", begin.AddDays(18)}, {"屋面防水完工", begin.AddDays(24)}, {"供水立管通水", today.AddDays(6)}, {"竣工自验", today.AddDays(22)}} {
		err := s.take("milestone "+m.title, func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.AddMilestone(ctx, s.as["street-office"], s.project, how, renovation.NewMilestone{Title: m.title, PlannedOn: m.on})
		})
		if err != nil {
			return err
		}
	}
	return s.advance(ctx, renovation.Works)
}

// milestone finds one by its place in the time-line.
func (s *site) milestone(ctx context.Context, title string) (id.ID, error) {
	view, err := s.Renovation.Show(ctx, s.as["contractor"], s.project)
	if err != nil {
		return id.Nil, err
	}
	for _, m := range view.Milestones {
		if m.Title == title {
			return m.ID, nil
		}
	}
	return id.Nil, fmt.Errorf("renovation %s: no milestone %s", s.name, title)
}

func (s *site) reachesFirst(ctx context.Context) error {
	which, err := s.milestone(ctx, "进场、围挡和告知")
	if err != nil {
		return err
	}
	return s.take("reached", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.ReachMilestone(ctx, s.as["contractor"], s.project, which, how, s.today())
	})
}

func (s *site) delays(ctx context.Context) error {
	which, err := s.milestone(ctx, "屋面防水完工")
	if err != nil {
		return err
	}
	later := max(clock.DateOf(s.now).AddDays(5), s.today().AddDays(7))
	return s.take("delay", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.DelayMilestone(ctx, s.as["contractor"], s.project, which, how,
			renovation.NewDelay{ToOn: later, Reason: renovation.ForWeather, Words: "十天内降雨六天，基层含水率不达标，不能铺卷材。晴后增加一个班组。"})
	})
}

func (s *site) measures(done map[string]int64) func(context.Context) error {
	return func(ctx context.Context) error {
		view, err := s.Renovation.Show(ctx, s.as["contractor"], s.project)
		if err != nil {
			return err
		}
		for _, it := range view.Items {
			quantity, measured := done[it.Key]
			if !measured {
				continue
			}
			err := s.take(fmt.Sprintf("measure %s %d", it.Key, quantity), func(how renovation.Taken) (renovation.Project, error) {
				return s.Renovation.Measure(ctx, s.as["contractor"], s.project, it.ID, how, renovation.Measurement{Quantity: quantity, On: s.today()})
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// finds has a resident supervisor find something that the contractor must put right.
func (s *site) finds(ctx context.Context) error {
	return s.take("finding", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.Find(ctx, s.homes[2].Principal, s.project, how, renovation.NewFinding{Kind: renovation.FoundSafety, Title: "2单元门口上方没有防护棚",
			Words: "屋面清渣时有碎块落到单元门口，老人孩子进出不安全。"})
	})
}

func (s *site) pays(ctx context.Context) error {
	view, err := s.Renovation.Show(ctx, s.as["street-office"], s.project)
	if err != nil {
		return err
	}
	for _, it := range view.Items {
		e := renovation.NewEntry{Kind: renovation.EntryPaid, Reference: "进度款 " + it.Title, ItemID: it.ID.Ptr()}
		source := renovation.FromCentral
		switch it.Key {
		case "roof":
			e.Fen = 5_600_000
		case "water":
			e.Fen, source = 4_100_000, renovation.FromUtility
		default:
			continue
		}
		if err := s.enter(ctx, source, e); err != nil {
			return err
		}
	}
	return nil
}

// writesDiary has the contractor write what happened, with a picture of how far it is.
func (s *site) writesDiary(about, words string) func(context.Context) error {
	return func(ctx context.Context) error {
		entry, err := s.Renovation.WriteDiary(ctx, s.as["contractor"], s.project, renovation.Taken{Once: s.key("diary " + words)}, s.today(), words)
		if err != nil {
			return err
		}
		picture, err := sketch(about)
		if err != nil {
			return err
		}
		_, err = s.Renovation.AddPhoto(ctx, s.as["contractor"], s.project, entry, renovation.Taken{Once: s.key("photo " + words)}, int64(len(picture)), bytes.NewReader(picture))
		return err
	}
}

func (s *site) speaks(who string, home int, words string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.Renovation.Speak(ctx, s.lodger(home).Principal, s.project, renovation.Taken{Once: s.key("remark " + s.name + who)}, words)
		return err
	}
}

// answers has the community answer what was said last.
func (s *site) answers(answer string) func(context.Context) error {
	return func(ctx context.Context) error {
		said, err := s.Renovation.Remarks(ctx, s.as["community"], s.project, page.Request{})
		if err != nil || len(said.Items) == 0 {
			return err
		}
		return s.Renovation.AnswerRemark(ctx, s.as["community"], s.project, said.Items[0].ID, renovation.Taken{Once: s.key("answer " + answer)}, answer)
	}
}

// sketch draws the front of a building of which a part is done: the demonstration has no photos of anybody's home.
func sketch(about string) ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, 640, 420))
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(picture, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	wall, glass, done, old := color.RGBA{226, 214, 196, 255}, color.RGBA{128, 152, 172, 255}, color.RGBA{74, 120, 88, 255}, color.RGBA{150, 120, 104, 255}
	fill(0, 0, 640, 420, color.RGBA{214, 226, 234, 255})
	fill(0, 372, 640, 420, color.RGBA{168, 170, 160, 255})
	fill(80, 92, 560, 372, wall)
	for floor := range 6 {
		for window := range 8 {
			fill(98+window*58, 106+floor*44, 130+window*58, 134+floor*44, glass)
		}
	}
	fill(70, 74, 570, 92, old)
	if about == "roof" {
		fill(70, 74, 240, 92, done)
	} else {
		fill(314, 92, 322, 372, old)
		fill(314, 200, 322, 372, done)
	}
	var out bytes.Buffer
	err := png.Encode(&out, picture)
	return out.Bytes(), err
}

// demoPaper is a PDF of a page with a title and some lines, in the song type that every reader of PDF has for Chinese.
func demoPaper(title string, lines ...string) []byte {
	hex := func(text string) string {
		out := ""
		for _, unit := range utf16.Encode([]rune(text)) {
			out += fmt.Sprintf("%04X", unit)
		}
		return out
	}
	content := fmt.Sprintf("BT /F 20 Tf 72 760 Td <%s> Tj /F 12 Tf", hex(title))
	for _, line := range lines {
		content += fmt.Sprintf(" 0 -30 Td <%s> Tj", hex(line))
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s ET\nendstream", len(content)+3, content),
		"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
		"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
	}
	out, index := bytes.NewBufferString("%PDF-1.4\n"), ""
	for n, object := range objects {
		index += fmt.Sprintf("%010d 00000 n \n", out.Len())
		fmt.Fprintf(out, "%d 0 obj%s endobj\n", n+1, object)
	}
	start := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, index, len(objects)+1, start)
	return out.Bytes()
}
