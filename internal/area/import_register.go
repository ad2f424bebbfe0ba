package area

import (
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
	"unicode/utf8"
)

// register is what the database and the rows so far hold of one service area: the import looks everything
// up here, in memory, and never row by row in the database.
type register struct {
	area      ServiceArea
	buildings map[string]id.ID // by building key
	units     map[unitAt]*knownUnit
	codes     map[string]*knownUnit // by house code
	people    map[string]*ownerRow  // owners by who they are, see ownerIdentity
	nextOrder int
}

type unitAt struct {
	building id.ID
	key      string
}

// knownUnit is a unit of the register with the people on the roll.
type knownUnit struct {
	Unit
	row       int // of the file that named it; zero for none yet
	fresh     bool
	household bool
	owners    []*ownerRow
	occupants []*occupantRow
}

func (r *register) add(u *knownUnit) {
	r.units[unitAt{u.BuildingID, unitKey(u.Entrance, u.Number)}] = u
	if u.Code != "" {
		r.codes[u.Code] = u
	}
}

func (r *register) know(o *ownerRow) {
	if who := ownerIdentity(*o); who != "" {
		r.people[who] = o
	}
}

// ownerIdentity is equal for entries that are the same owner: a company by its name, a person by name and
// phone. It is empty where that cannot be known.
func ownerIdentity(o ownerRow) string {
	switch {
	case o.Kind != PersonOwner:
		return string(o.Kind) + "/" + string(o.NameIndex)
	case o.PhoneIndex != nil:
		return "person/" + string(o.NameIndex) + string(o.PhoneIndex)
	}
	return ""
}

// unitLine is what a row says of a unit. A nil or empty value says nothing.
type unitLine struct {
	building string
	identity UnitIdentity
	use      Use
	source   AreaSource
	facts    UnitFacts
}

// unitSchema are the columns about units, common to imports of estates and of households.
var unitSchema = sheet.Schema{
	{Key: "building", Names: []string{"楼栋", "楼号", "楼栋号", "楼幢", "幢号", "栋号", "楼座", "building name"}, Required: true},
	{Key: "number", Names: []string{"房号", "房间", "房间号", "室号", "户室号", "room", "room number", "unit number"}, Required: true},
	{Key: "entrance", Names: []string{"单元", "单元号", "门洞"}},
	{Key: "code", Names: []string{"房屋编号", "房屋编码", "房屋代码", "户号", "house code"}},
	{Key: "floor", Names: []string{"楼层", "所在层", "层"}},
	{Key: "area", Names: []string{"建筑面积", "面积", "专有部分面积", "产权面积", "floor area"}},
	{Key: "area_source", Names: []string{"面积来源", "面积依据"}},
	{Key: "use", Names: []string{"用途", "房屋用途", "房屋类型", "property type"}},
	{Key: "delivery", Names: []string{"交付状态", "销售状态"}},
	{Key: "occupied", Names: []string{"使用状态", "居住状态", "房屋状态"}},
}

var (
	useWords = map[string]string{"住宅": "residential", "宿舍": "residential", "商业": "commercial", "商铺": "commercial", "办公": "commercial", "办公室": "commercial", "车位": "parking", "车库": "parking",
		"储藏室": "other", "其他": "other", "residential": "residential", "commercial": "commercial", "parking": "parking", "other": "other", "110": "residential", "119": "residential", "120": "commercial"}
	sourceWords = map[string]string{"产权登记": "register", "不动产登记": "register", "登记": "register", "测绘": "survey", "实测": "survey", "合同": "contract", "买卖合同": "contract",
		"register": "register", "survey": "survey", "contract": "contract"}
	deliveryWords = map[string]string{"未售": "unsold", "未销售": "unsold", "未交付": "undelivered", "已售未交付": "undelivered", "已交付": "delivered", "已交房": "delivered",
		"unsold": "unsold", "undelivered": "undelivered", "delivered": "delivered"}
	// occupiedWords also knows the number codes of a widespread property system; 2002 and 2003 speak of delivery.
	occupiedWords = map[string]string{"自住": "owner", "已入住": "owner", "出租": "let", "已出租": "let", "空置": "vacant", "空闲": "vacant", "未入住": "vacant", "已装修": "vacant", "装修中": "vacant", "未销售": "unsold", "已交房": "delivered", "已出售": "delivered",
		"owner": "owner", "let": "let", "vacant": "vacant", "2001": "owner", "2002": "unsold", "2003": "delivered", "2004": "vacant", "2005": "vacant", "2006": "let", "2007": "delivered", "2008": "vacant", "2009": "vacant"}
)

// unitOf reads the columns about the unit.
func unitOf(row *sheet.Row, source AreaSource) unitLine {
	l := unitLine{building: placeText(row, "building", maxBuildingName), use: Use(row.Choice("use", useWords)), source: AreaSource(row.Choice("area_source", sourceWords)),
		identity: UnitIdentity{Code: row.Code("code", maxUnitCode), Entrance: row.Code("entrance", maxEntrance), Number: row.Code("number", maxNumber)},
		facts:    UnitFacts{Delivery: Delivery(row.Choice("delivery", deliveryWords))}}
	if utf8.RuneCountInString(unitKey(l.identity.Entrance, l.identity.Number)) > maxUnitKey {
		row.Reject("number", "sheet.text_too_long", "sheet.expect.text", "max", maxNumber)
	}
	if l.source == "" {
		l.source = source
	}
	if !row.Blank("floor") {
		floor := int(row.Int("floor", -20, 200))
		l.identity.Floor = &floor
	}
	size := row.Area("area")
	if size > maxArea {
		row.Reject("area", "area.area_range", "sheet.expect.area", "most", maxArea/100)
	}
	l.identity.Areas = Areas{}.With(l.source, size)
	l.identity.Use = l.use
	switch word := row.Choice("occupied", occupiedWords); word {
	case "":
	case string(Unsold), string(Delivered):
		l.facts.Delivery = Delivery(word)
	default:
		l.facts.Occupied = Occupied(word)
	}
	return l
}

// canonical is the meaning of the row for the hash of the import.
func (l unitLine) canonical() []string {
	return []string{buildingKey(l.building), unitKey(l.identity.Entrance, l.identity.Number), l.identity.Code, sheet.FormatHundredths(l.identity.Areas.Of(l.source)), string(l.source),
		string(l.use), string(l.facts.Delivery), string(l.facts.Occupied)}
}
