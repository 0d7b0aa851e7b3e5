import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'
import { sameInBoth } from './checks/same-words.ts'
import { dynamicPrefixes } from './checks/strings.ts'

/**
 * Holds the texts of the web in order: both languages have the same keys with the same placeholders, every key is
 * used and every used key exists, nothing is empty or left in English, and no Japanese stands outside of web/i18n.
 */

const root = fileURLToPath(new URL('../web', import.meta.url))
const faults: string[] = []

type Texts = Map<string, string>

type Dictionaries = Record<string, Record<string, string>>

/** All areas of one language: those of messages.ts and those that come with their pages. */
async function dictionariesOf(locale: 'en' | 'ja'): Promise<Dictionaries> {
  const found: Dictionaries = {}
  for await (const file of glob(`i18n/${locale}/*.ts`, { cwd: root }))
    if (!file.endsWith('/messages.ts')) Object.assign(found, await import(`${root}/${file}`))
  return found
}

function flatten(areas: Dictionaries): Texts {
  const texts: Texts = new Map()
  for (const [area, entries] of Object.entries(areas))
    for (const [name, text] of Object.entries(entries)) texts.set(`${area}.${name}`, text)
  return texts
}

/** The names of a message's placeholders, sorted. */
function placeholders(text: string): string {
  const names = new Set<string>()
  // Matches `{name}` and `{name, plural, …}` at any depth, not the words inside a plural's branch.
  for (const [, name] of text.matchAll(/\{\s*(\w+)\s*(?=[,}])/g)) if (name) names.add(name)
  return [...names].sort().join(', ')
}

function compareLanguages(en: Texts, ja: Texts) {
  for (const key of new Set([...en.keys(), ...ja.keys()])) {
    const one = en.get(key)
    const other = ja.get(key)
    if (one === undefined || other === undefined) {
      faults.push(`${key}: missing in ${one === undefined ? 'en' : 'ja'}`)
      continue
    }
    for (const [locale, text] of [
      ['en', one],
      ['ja', other],
    ] as const) {
      if (text.trim() === '') faults.push(`${key}: empty in ${locale}`)
      try {
        new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
      } catch (fault) {
        faults.push(`${key}: not a valid ICU message in ${locale}: ${String(fault)}`)
      }
    }
    if (one === other && !sameInBoth.has(key)) faults.push(`${key}: the Japanese text is the English one`)
    if (placeholders(one) !== placeholders(other))
      faults.push(`${key}: placeholders differ: en {${placeholders(one)}}, ja {${placeholders(other)}}`)
  }
}

async function readSources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>()
  for await (const file of glob('**/*.{ts,tsx}', { cwd: root, exclude: ['dist/**', 'i18n/en/**', 'i18n/ja/**'] }))
    sources.set(file, await readFile(`${root}/${file}`, 'utf8'))
  return sources
}

function compareUse(texts: Texts, areas: readonly string[], sources: Map<string, string>) {
  const used = new Set<string>()
  const usedPrefixes = new Set<string>()
  const keyShape = new RegExp(`^(?:${areas.join('|')})\\.[\\w.]+$`)
  for (const [file, source] of sources) {
    if (file.endsWith('.test.ts') || file.endsWith('.test.tsx')) continue
    for (const [, text] of source.matchAll(/['"]([\w.]+)['"]/g)) if (text && texts.has(text)) used.add(text)
    for (const [, text] of source.matchAll(/\bt\(\s*'([^']+)'/g))
      if (text && keyShape.test(text) && !texts.has(text))
        faults.push(`web/${file}: uses ${text}, which no dictionary has`)
    for (const [, prefix] of source.matchAll(/`((?:\w+\.)+)\$\{/g)) {
      if (!prefix || !areas.includes(prefix.split('.')[0] ?? '')) continue
      usedPrefixes.add(prefix)
      if (!dynamicPrefixes.includes(prefix))
        faults.push(`web/${file}: puts keys together from "${prefix}"; declare it in scripts/check-strings.ts`)
    }
  }
  for (const prefix of dynamicPrefixes)
    if (!usedPrefixes.has(prefix))
      faults.push(`scripts/check-strings.ts: no source puts keys together from "${prefix}"`)
  for (const key of texts.keys())
    if (!used.has(key) && ![...usedPrefixes].some(prefix => key.startsWith(prefix)))
      faults.push(`${key}: no source uses it`)
}

function findJapanese(sources: Map<string, string>) {
  for (const [file, source] of sources) {
    if (!file.endsWith('.tsx')) continue
    for (const [at, line] of source.split('\n').entries())
      if (/[\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Han}]/u.test(line.replaceAll('·', '')))
        faults.push(`web/${file}:${at + 1}: Japanese text; move it to web/i18n`)
  }
}

const english = await dictionariesOf('en')
const en = flatten(english)
const ja = flatten(await dictionariesOf('ja'))
compareLanguages(en, ja)
const sources = await readSources()
compareUse(en, Object.keys(english), sources)
findJapanese(sources)
for (const fault of faults) console.error(fault)
console.log(faults.length === 0 ? `${en.size} texts in two languages are in order` : `${faults.length} faults`)
if (faults.length > 0) process.exitCode = 1
