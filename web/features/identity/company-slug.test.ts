import { expect, test } from 'vitest'
import { proposeSlug, slugPattern } from './company-slug.ts'

test.each([
  ['Minato Cloud, Inc.', 'minato-cloud'],
  ['Meridian Freight Solutions Pte. Ltd.', 'meridian-freight-solutions'],
  ['Société Générale', 'societe-generale'],
  ['株式会社ＡＢＣソフト', 'abc'],
  ['株式会社みなと商事', ''],
  ['AI', ''],
  ['  ', ''],
  ['x'.repeat(60), 'x'.repeat(40)],
])('%s is proposed as "%s"', (name, slug) => {
  expect(proposeSlug(name)).toBe(slug)
  if (slug) expect(slug).toMatch(new RegExp(`^${slugPattern}$`, 'v'))
})
