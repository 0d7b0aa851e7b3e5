/** A text for comparing words: one form for full and half width, capitals, spaces and punctuation. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-–—・:：/／.,、。'"「」]+/g, '')
}

const yes = [
  'yes',
  'y',
  'true',
  't',
  '1',
  'on',
  'はい',
  '有',
  '有り',
  'あり',
  '○',
  '〇',
  '◯',
  '✓',
  '✔',
  'する',
  '済',
  '済み',
  '可',
  '同意',
  '同意する',
  '同意済',
  '同意済み',
  '対象',
]
const no = [
  'no',
  'n',
  'false',
  'f',
  '0',
  'off',
  'いいえ',
  '無',
  '無し',
  'なし',
  '×',
  '✕',
  '✗',
  'しない',
  '未',
  '不可',
  '非',
  '否',
  '不同意',
  '同意しない',
  '対象外',
]
const truths = new Map([
  ...yes.map(word => [folded(word), true] as const),
  ...no.map(word => [folded(word), false] as const),
])

/** Yes or no in Japanese, English or signs; undefined for anything else. */
export function truthOf(text: string): boolean | undefined {
  return text.length > 20 ? undefined : truths.get(folded(text))
}

/** Words that mean a choice, by choice. */
export type ChoiceWords = Readonly<Record<string, readonly string[]>>

/** The choice that a text means: itself, or one of its words. */
export function choiceOf(text: string, choices: ChoiceWords): string | undefined {
  if (text.length > 100) return undefined
  const wanted = folded(text)
  return Object.entries(choices).find(
    ([choice, words]) => folded(choice) === wanted || words.some(word => folded(word) === wanted),
  )?.[0]
}
