import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { textOfPdf } from '../../../tests/support/pdf.ts'
import { type Certificate, certificatePdf } from './queries/certificate-file.ts'

const certificate: Certificate = {
  company: '株式会社みなと商事',
  customer: '東和工業株式会社',
  programme: '90日オンボーディング',
  person: null,
  endedOn: '2026-04-04',
  course: { startsOn: '2026-01-05', done: 19, all: 20 },
  number: '0A1B2C3D',
}
const linesOf = async (changes: Partial<Certificate>, language: 'ja' | 'en') =>
  textOfPdf(await buffer(certificatePdf({ ...certificate, ...changes }, language))).split('\n')

describe('ONB-2: the certificate of completion', () => {
  it('ONB-2: reads in Japanese as it is written', async () => {
    expect(await linesOf({}, 'ja')).toEqual([
      '修了証',
      '東和工業株式会社 御中',
      '貴社が「90日オンボーディング」のすべての課程を修了されたことを証します。',
      '期間　2026年1月5日 〜 2026年4月4日',
      '完了タスク　19 / 20',
      '2026年4月4日',
      '株式会社みなと商事',
      '証書番号　0A1B2C3D',
    ])
  })

  it('ONB-2: reads in English, Japanese names and rare characters included', async () => {
    const customer = '髙橋・﨑山 Holdings (鷗外)'
    expect(await linesOf({ customer, programme: '90-day onboarding' }, 'en')).toEqual([
      'Certificate of Completion',
      customer,
      'has successfully completed the programme',
      '90-day onboarding',
      '5 January 2026 to 4 April 2026',
      '19 of 20 tasks completed',
      '4 April 2026',
      '株式会社みなと商事',
      'Certificate no. 0A1B2C3D',
    ])
  })

  it('ONB-2: a very long name is made smaller and broken, and nothing of it is lost', async () => {
    const customer = `${'国際総合技術開発'.repeat(14)}株式会社`
    const lines = await linesOf({ customer }, 'ja')
    const [, ...rest] = lines
    const text = rest.join('')
    expect(text.startsWith(`${customer} 御中`.replace(' ', '')) || text.startsWith(`${customer} 御中`)).toBe(true)
    expect(lines.length).toBeGreaterThan(8)
    const file = await buffer(certificatePdf({ ...certificate, customer }, 'ja'))
    expect(file.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  })
})
