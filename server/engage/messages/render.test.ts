import { describe, expect, it } from 'vitest'
import type { Block } from './contract/blocks.ts'
import { machineOf } from './machine.ts'
import { MergeText, mergeFault, putBack } from './merge-tags.ts'
import { readVariant, writeMessage } from './render.ts'
import { contentFaults } from './template-faults.ts'

const around = {
  company: '株式会社みなと <商事>',
  postalAddress: '東京都港区1-1',
  preferences: 'https://k.test/m/p/x',
  unsubscribe: 'https://k.test/m/u/x',
  link: (url: string) => `https://k.test/m/c/${Buffer.from(url).toString('base64url')}`,
}

function write(blocks: Block[], contact: Record<string, unknown> = {}, subject = '件名') {
  const variant = readVariant({ subject, preheader: '', blocks, text: null }, 'ja', new Map())
  return writeMessage(variant, { contact, customer: {}, owner: {}, company: {}, values: {} }, around)
}
const text = (body: string): Block => ({ kind: 'text', text: body })
const led = (html: string) =>
  [...html.matchAll(/m\/c\/([\w-]+)/g)].map(match => Buffer.from(match[1]!, 'base64url').toString())

describe('merge tags (C4)', () => {
  it.each([
    "{{ constructor.constructor('return process')() }}",
    '{{ env }}',
    '{{ process.env.PATH }}',
    "{% include '/etc/passwd' %}",
    "{% render '/etc/passwd' %}",
    "{% layout '/etc/passwd' %}",
    '{% assign a = 1 %}',
    '{% constructor %}',
    '{{ contact.name | raw }}',
    '{{ contact.name | constructor }}',
    '{{ globalThis }}',
  ])('refuses %s when a template is saved', body => {
    expect(mergeFault(body)).toBeDefined()
  })

  it.each([
    '{{ contact.constructor }}',
    '{{ contact.__proto__ }}',
    '{{ contact.name.constructor }}',
    "{{ contact['constructor']['constructor'] }}",
    '{{ contact.toString }}',
    '{{ contact }}',
    '{{ values.constructor.name }}',
  ])('reaches nothing by %s', body => {
    expect(new MergeText(`[${body}]`).fill({ contact: { name: 'a' }, values: {} })).toBe('[]')
  })

  it.each([
    '{% for a in (1..99999999) %}{{ a }}{% endfor %}',
    '{% for a in (1..9999) %}{% for b in (1..9999) %}{% for c in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}',
  ])('ends what asks for too much: %s', body => {
    const begun = performance.now()
    expect(() => new MergeText(body).fill({})).toThrow()
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('offers conditions, lists and a few filters', () => {
    const body =
      '{% if contact.plan == "pro" %}{{ contact.name | upcase }}{% else %}-{% endif %} {{ values.n | number }} {{ contact.no | default: "様" }}'
    expect(putBack(new MergeText(body).fill({ contact: { plan: 'pro', name: 'a' }, values: { n: 1234567 } }))).toBe(
      'A 1,234,567 様',
    )
    expect(mergeFault('{% for tag in contact.attributes.tags %}{{ tag }}{% endfor %}')).toBeUndefined()
  })
})

describe('messages', () => {
  it('EML-1: escapes what is filled in, in every kind of block (C3)', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    const blocks: Block[] = [
      { kind: 'heading', text: '{{ contact.name }}', level: 1 },
      text('{{ contact.name }}'),
      { kind: 'button', label: '{{ contact.name }}', url: 'https://a.test/{{ contact.name }}' },
      { kind: 'image', url: 'https://a.test/a.png', alt: '{{ contact.name }}', width: 300 },
      { kind: 'list', items: ['{{ contact.name }}'], ordered: false },
      { kind: 'columns', left: [{ kind: 'text', text: '{{ contact.name }}' }], right: [] },
    ]
    const { html } = write(blocks, { name: evil }, '{{ contact.name }}')
    expect(html).not.toMatch(/<script|<img src=x/)
    expect(html).toContain('&#60;script&#62;')
    expect(html).toContain('株式会社みなと &#60;商事&#62;')
  })

  it('values do not format: no link, no strong words of theirs', () => {
    const { html, text: plain } = write(
      [text('{{ contact.name }} **{{ contact.name }}** [{{ contact.name }}](https://ok.test)')],
      {
        name: '[来て](https://evil.test) **大**',
      },
    )
    expect(led(html)).toEqual(['https://ok.test'])
    expect(html.match(/<strong>/g)).toHaveLength(1)
    expect(plain).toContain('[来て](https://evil.test) **大**')
  })

  it('leads to the web and to mail only, and never where a value says', () => {
    const button = (url: string): Block => ({ kind: 'button', label: 'x', url })
    const { html } = write(
      [
        button('javascript:alert(1)'),
        button('data:text/html,x'),
        button('file:///etc/passwd'),
        button('{{ contact.link }}'),
        button('https://a.test/?a=1&b=(2)'),
      ],
      { link: 'javascript:alert(2)' },
    )
    expect(led(html)).toEqual(['https://a.test/?a=1&b=(2)'])
    expect(html).not.toMatch(/href="(javascript|data|file)/)
  })

  it('EML-1: values in an address are encoded, and none says where it leads (D3)', () => {
    const name = 'a b)&admin=1#x](https://evil.test)'
    const encoded = 'a%20b%29%26admin%3D1%23x%5D%28https%3A%2F%2Fevil.test%29'
    const button = (url: string): Block => ({ kind: 'button', label: 'x', url })
    const { html, text: plain } = write(
      [
        button('https://a.test/?n={{ contact.name }}'),
        text('[開く](https://a.test/?n={{ contact.name }}&b=1)'),
        { kind: 'list', items: ['[{{ contact.name }}](https://a.test/{{ contact.name }})'], ordered: false },
        button('mailto:{{ contact.email }}'),
        button('{{ contact.link }}'),
        button('https://{{ contact.host }}/'),
        button('https://a.test{{ contact.host }}/'),
        text('[y]({{ contact.link }}) [z](https://a.test{{ contact.host }})'),
      ],
      { name, email: 'a@x.test', link: 'https://evil.test/', host: '.evil.test' },
    )
    expect(led(html)).toEqual([
      `https://a.test/?n=${encoded}`,
      `https://a.test/?n=${encoded}&b=1`,
      `https://a.test/${encoded}`,
      'mailto:a@x.test',
    ])
    expect(html).not.toMatch(/\]\(https:\/\/a/)
    expect(plain).toContain(`開く ( https://a.test/?n=${encoded}&b=1 )`)
    expect(plain).not.toMatch(/https:\/\/(evil\.test\/|(a\.test)?\.evil)/)
  })

  it.each([
    ['button', '{{ contact.link }}'],
    ['button', 'https://{{ contact.host }}/'],
    ['button', 'https://a.test{{ contact.host }}'],
    ['button', '{% if contact.link %}https://a.test/{% endif %}'],
    ['text', '[x]({{ contact.link }})'],
    ['text', '[x](https://{{ contact.host | default: "a (b)" }}/)'],
  ])('EML-1: a %s that leads to %s is a fault of its template', (kind, address) => {
    const block: Block = kind === 'button' ? { kind: 'button', label: 'x', url: address } : text(address)
    const fault = contentFaults({ ja: { subject: 's', preheader: '', blocks: [block], text: null } }, 'content')
    expect(fault).toMatchObject([{ path: `content.ja.blocks.0.${kind === 'button' ? 'url' : 'text'}` }])
  })

  it.each(['https://a.test/{{ contact.id }}', 'https://a.test?x={{ contact.id }}', 'mailto:{{ owner.email }}'])(
    'may lead to %s',
    url => {
      const blocks = [{ kind: 'button', label: 'x', url }, text(`[x](${url})`)] as Block[]
      expect(contentFaults({ ja: { subject: 's', preheader: '', blocks, text: null } }, 'content')).toEqual([])
    },
  )

  it('puts no second line into a subject (C5)', () => {
    expect(write([], { name: 'a\r\nBcc: evil@example.test\u2028\u0000b' }, 'x {{ contact.name }}').subject).toBe(
      'x a Bcc: evil@example.test b',
    )
  })

  it('makes plain text of its blocks, or takes the one that was written', () => {
    const made = write([
      { kind: 'heading', text: '見出し', level: 1 },
      { kind: 'list', items: ['a', 'b'], ordered: true },
      { kind: 'button', label: '開く', url: 'https://a.test' },
    ])
    expect(made.text).toBe(
      '■ 見出し\n\n1. a\n2. b\n\n開く\nhttps://a.test\n\n--\n株式会社みなと <商事>\n東京都港区1-1\n配信設定を変更する: https://k.test/m/p/x\n配信を停止する: https://k.test/m/u/x\n',
    )
    const own = readVariant(
      { subject: 's', preheader: '', blocks: [], text: '{{ contact.name }}さん' },
      'en',
      new Map(),
    )
    expect(writeMessage(own, { contact: { name: '<a>' } }, around).text).toMatch(/^<a>さん\n/)
  })
})

describe('machines', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0) Chrome/140'
  it.each([
    ['click', 'HEAD', chrome, 900, 'head'],
    ['click', 'GET', chrome, 2, 'prompt'],
    ['click', 'GET', chrome, 900, null],
    ['click', 'GET', 'Barracuda Sentinel', 900, 'agent'],
    ['click', 'GET', '', 900, 'agent'],
    ['open', 'GET', 'Mozilla/5.0 (via ggpht.com GoogleImageProxy)', 900, null],
    ['open', 'GET', 'Mozilla/5.0 (via ggpht.com GoogleImageProxy)', 1, 'prompt'],
    ['open', 'GET', chrome, 0, 'prompt'],
  ] as const)('%s by %s of "%s" after %s s: %s', (kind, method, agent, seconds, expected) => {
    expect(machineOf(kind, { method, agent, seconds })).toBe(expected)
  })
})
