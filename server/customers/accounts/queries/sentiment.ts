import { type RawBuilder, sql } from 'kysely'
import { folded } from '../../../catalog/conditions/queries/comparison.ts'

/**
 * What customers write when they think of leaving, in Japanese and English, as regular expressions of PostgreSQL on text
 * whose width and case were folded. Lists of the product: nobody's input becomes an expression.
 */
const cancelling = [
  '解約',
  '退会',
  'キャンセル',
  '契約(の|を)?(終了|終え|打ち切)',
  '利用(の|を)?(停止|終了|中止)',
  '更新(しない|しません|を見送|は見送|を見合わせ)',
  '乗り換え',
  '乗換',
  '他社(に|へ)(切り替え|移行|変更)',
  '\\mcancel',
  '\\munsubscrib',
  '\\mterminat[a-z]* (of )?(our |the |my |this )?(contract|agreement|subscription|account|service)',
  '\\m(close|end|quit|leave) (our|the|my|this) (contract|agreement|subscription|account|service)',
  '\\m(not|won.t|don.t) (want to |be |going to |plan to )?renew',
  '\\mswitch(ing)? (to another|to a competitor|away|provider|vendor)',
  '\\mstop using',
]

/** The same words where nobody thinks of leaving; taken out before the text is read. */
const notCancelling = [
  'キャンセル(ボタン|待ち|操作|処理|画面)',
  '解約(は|を)?(し|致し|いたし)?(ない|ません)',
  '解約(する|の|を)?(予定|つもり|意向|考え)(は|も)?(ない|ありません|ございません)',
  '\\mcancel(l?ed|ing)? (button|dialog|link|icon|order|job|meeting)',
  '\\m(not|never|won.t|don.t) (want to |going to |plan to |plan on )?cancel[a-z]*',
  '\\mno (plan|plans|intention) (to|of) cancel[a-z]*',
]

/** What unhappy customers write in a comment. */
const discontent = [
  '不満',
  '最悪',
  'がっかり',
  '期待(外れ|はずれ|以下)',
  '使い(にくい|づらい|にくく|づらく)',
  '(分|わ)かり(にくい|づらい|にくく|づらく)',
  '役に立(たない|ちません)',
  '対応が(悪|遅)',
  '(高|遅|重)すぎ',
  '残念',
  'ひどい',
  '酷い',
  '困って',
  '動(かない|きません)',
  '信頼でき(ない|ません)',
  '後悔',
  '\\m(terribl|awful|horribl|disappoint|frustrat|useless|unusable|unhappy|dissatisf|unreliable|annoy|regret|confus|worst)',
  '\\m(waste of|too expensive|too slow|poor support|hard to use|difficult to use)',
]

/** What a subject says when something does not work. */
const defects = [
  '不具合',
  'バグ',
  'エラー',
  '障害',
  '故障',
  '文字化け',
  '止ま(る|って|り)',
  '落ち(る|ます)',
  '動(かない|きません|作しない)',
  '(でき|出来)(ない|ません)',
  '表示(されない|されません)',
  '(合わない|合いません)',
  '消え(る|た|て|ました)',
  '(遅い|重い)',
  '\\m(bug|error|crash|broken|defect|outage|fail)',
  '\\m(disappear|freez|hang|timeout|timed out)',
  '\\m(do|does|did|is)(n.t| not) (work|load|show|open|respond)',
]

const noDefects = ['エラー(は|も)?(ない|なく|ありません)', '\\mno (errors?|bugs?)']

const noDiscontent = [
  '(不満|残念な(点|こと)|困っている(点|こと))(は|も|が|など)?(特に|全く|まったく|とくに)?(ない|なく|なし|ありません|ございません)',
  '\\m(not|never|nothing) [a-z]{0,12} ?(disappoint|frustrat|unhappy|dissatisf|confus|annoy|regret)[a-z]*',
  '\\mno (complaints?|regrets?)',
]

/** A condition on a text: it speaks of cancelling, in Japanese or English. Null where there is no text. */
export function speaksOfCancelling(text: RawBuilder<unknown>): RawBuilder<boolean> {
  return holds(text, cancelling, notCancelling)
}

/** A condition on a text: whoever wrote it is unhappy. */
export function speaksOfDiscontent(text: RawBuilder<unknown>): RawBuilder<boolean> {
  return holds(text, discontent, noDiscontent)
}

/** A condition on a text: something does not work as it should. */
export function speaksOfDefects(text: RawBuilder<unknown>): RawBuilder<boolean> {
  return holds(text, defects, noDefects)
}

function holds(text: RawBuilder<unknown>, words: readonly string[], exceptions: readonly string[]) {
  return sql<boolean>`regexp_replace(${folded(text)}, ${exceptions.join('|')}::text, '', 'g') ~ ${words.join('|')}::text`
}
