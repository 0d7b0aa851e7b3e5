import type { Chance } from './chance.ts'

const places =
  '北辰 瀬戸内 三河 信州 東海 越前 武蔵野 常盤台 みなとみらい 青葉 白樺 有明 千早 若葉台 石狩 最上 多摩川 宇治 琵琶湖 吉野 熊野 四万十 筑紫 阿蘇 霧島 奥羽 八重洲 汐留 御影 六甲 天竜 浜名 伊吹 秩父 箱根 那須 磐梯 蔵王 十勝 知床'.split(
    ' ',
  )
const stems =
  'アステリズム オルビス カナデ ルミナ ソラノ ミライエ ハルモニア トワ ヒノキ クレスト ノヴァ リンクス アルカ セレノ コトノハ イロドリ フタバ ツムギ アカツキ シグナ'.split(
    ' ',
  )
const trades: readonly (readonly [string, string, string])[] = [
  ['精密工業', 'Precision', '製造'],
  ['フードサービス', 'Foods', '飲食'],
  ['通信機サービス', 'Telecom', '通信'],
  ['観光開発', 'Travel', '観光'],
  ['ロジネット', 'Logistics', '物流'],
  ['デジタルトランスフォーメーション', 'Digital', 'IT'],
  ['薬局グループ', 'Pharmacy', '医療'],
  ['ロボティクス', 'Robotics', '製造'],
  ['メディカル', 'Medical', '医療'],
  ['不動産販売', 'Realty', '不動産'],
  ['信用金庫', 'Credit', '金融'],
  ['保険サービス', 'Insurance', '金融'],
  ['建設', 'Construction', '建設'],
  ['エネルギー', 'Energy', 'エネルギー'],
  ['学習社', 'Learning', '教育'],
  ['印刷', 'Print', '製造'],
  ['ソフトウェア', 'Software', 'IT'],
  ['人材開発', 'Talent', '人材'],
  ['百貨店', 'Retail', '小売'],
  ['化学', 'Chemicals', '製造'],
]
const english =
  'Northwind Kestrel Meridian Aoyama Larkspur Bluefin Harborlight Quillstone Tamarack Verity Osprey Juniper Cobalt Halcyon Redwood Solstice Fairmont Brightwater Ironbridge Pemberton Lindqvist Calloway Sundial Marlowe Ashgrove'.split(
    ' ',
  )
const forms = ['Inc.', 'GmbH', 'Pte. Ltd.', 'Ltd.', 'LLC', 'Partners', 'Holdings']

const families =
  '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 中野 原田 小野 田村 竹内 和田 中山 石田 森田 上田 原 柴田 酒井 工藤'.split(
    ' ',
  )
const given =
  '翔太 美咲 健太郎 茜 悠斗 結衣 大輔 さくら 直樹 真由美 亮 千尋 一馬 陽菜 拓海 葵 蓮 凛 隆之介 信一郎 千夏 誠 香織 剛 由紀子 浩二 智子 圭 綾乃 慎太郎 優子 雄介 麻衣 達也 彩 賢治 恵 和也 奈々 修'.split(
    ' ',
  )
const western =
  'Emma Liam Olivia Noah Ava Lucas Mia Ethan Sofia Leon Hannah Jonas Priya Arjun Mei Wei Carlos Lucía Anna Erik Fatima Omar Chloe Hugo Nora Samuel Ines Mateo Grace Tom'.split(
    ' ',
  )
const surnames =
  'Anderson Müller Okafor Raman González Lindqvist Dubois Rossi Novak Tanaka-Hill Walsh Peters Nguyen Silva Kim Chen Haddad Larsen Moreau Schmidt Iyer Costa Bauer Evans Fischer Jansen Kowalski Laurent Meyer Price'.split(
    ' ',
  )

export interface CompanyName {
  name: string
  industry: string
  /** Names its site and its people's addresses. */
  domain: string
  japanese: boolean
}

/** A company as it might stand in a list of customers; the number makes its domain its own. */
export function companyName(chance: Chance, number: number): CompanyName {
  const [trade, tradeEnglish, industry] = chance.pick(trades)
  if (chance.happens(0.22)) {
    const word = chance.pick(english)
    return {
      name: `${word} ${tradeEnglish} ${chance.pick(forms)}`,
      industry,
      domain: `${word.toLowerCase()}${number}.example`,
      japanese: false,
    }
  }
  const stem = chance.happens(0.35) ? chance.pick(stems) : chance.pick(places)
  const form = chance.weighted([
    ['株式会社', 75],
    ['有限会社', 10],
    ['合同会社', 15],
  ] as const)
  const middle = chance.happens(0.06) ? '・インターナショナル' : ''
  const body = `${stem}${trade}${middle}`
  return {
    name: chance.happens(0.6) ? `${body}${form}` : `${form}${body}`,
    industry,
    domain: `${tradeEnglish.toLowerCase()}${number}.example`,
    japanese: true,
  }
}

/** A person at a company. */
export function personName(chance: Chance, japanese: boolean): string {
  const isJapanese = chance.happens(japanese ? 0.94 : 0.08)
  return isJapanese
    ? `${chance.pick(families)} ${chance.pick(given)}`
    : `${chance.pick(western)} ${chance.pick(surnames)}`
}
