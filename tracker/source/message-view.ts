/** A message as the server answers it: text only. */
export interface InAppMessage {
  id: string
  kind: 'banner' | 'modal' | 'checklist'
  tone: 'neutral' | 'accent' | 'green' | 'orange' | 'red'
  language: 'ja' | 'en'
  title: string
  text: string
  button: string
  link: string | null
  items: { text: string; link: string | null; done: boolean }[]
}

const words = {
  ja: { close: '閉じる', done: '完了', open: '未完了' },
  en: { close: 'Close', done: 'Done', open: 'Not done yet' },
}

/** The colours of the product's own screens, for light and dark pages. */
const css = `
:host{all:initial;--ground:#fff;--text:#1a1c21;--text-2:#4a4f59;--line:#d3d6dc;--mark:#23262c;--soft:#f7f7f8;--on:#fff;--focus:#2a56b0;--veil:rgb(22 24 30/.38)}
.m{box-sizing:border-box;font:14px/22px -apple-system,BlinkMacSystemFont,"Segoe UI","Hiragino Sans","Noto Sans JP",Meiryo,sans-serif;color:var(--text);background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:16px;overflow-wrap:anywhere;z-index:2147483000}
.m *{box-sizing:border-box}
[data-tone=accent]{--mark:#2a56b0;--soft:#e9effa}
[data-tone=green]{--mark:#1a6a3f;--soft:#e3f3ea}
[data-tone=orange]{--mark:#96410a;--soft:#fce8d9}
[data-tone=red]{--mark:#a62323;--soft:#fbe4e2}
.banner{position:fixed;inset:0 0 auto 0;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;border-width:0 0 1px;border-radius:0;background:var(--soft);padding:10px 16px}
.banner .body{flex:1;min-width:200px}
.banner h2{display:inline;margin-inline-end:12px}
.banner p{display:inline}
.checklist{position:fixed;inset:auto 16px 16px auto;width:min(340px,calc(100vw - 32px));max-height:70vh;overflow:auto;box-shadow:0 8px 24px rgb(16 18 24/.14)}
dialog.m{width:min(460px,calc(100vw - 32px));max-height:80vh;overflow:auto;padding:24px}
dialog.m::backdrop{background:var(--veil)}
h2{font-size:15px;line-height:22px;font-weight:600;margin:0}
p{margin:0;color:var(--text-2);white-space:pre-wrap}
.column{display:grid;gap:12px}
.head{display:flex;gap:12px;align-items:start}
.head h2{flex:1}
button,.action{font:inherit;border-radius:6px;min-height:32px;padding:4px 12px;cursor:pointer;border:1px solid transparent;text-decoration:none;display:inline-block}
.action{background:var(--mark);color:var(--on);justify-self:start}
.close{background:none;color:var(--text-2);width:32px;padding:0;flex:none;order:9}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
ul{list-style:none;margin:0;padding:0;display:grid;gap:8px}
li{display:flex;gap:8px;align-items:start}
li a{color:var(--mark)}
.tick{flex:none;width:18px;height:18px;margin-top:2px;border:1px solid var(--text-2);border-radius:50%;font-size:12px;line-height:16px;text-align:center}
.done .tick{background:var(--mark);border-color:var(--mark);color:var(--on)}
.done .text{color:var(--text-2);text-decoration:line-through}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-color-scheme:dark){
:host{--ground:#1e2024;--text:#ecedf0;--text-2:#b9bdc6;--line:#3a3d45;--mark:#e9eaee;--soft:#202227;--on:#101114;--focus:#92b4f6;--veil:rgb(0 0 0/.6)}
[data-tone=accent]{--mark:#92b4f6;--soft:#1c2842}
[data-tone=green]{--mark:#7fd3a4;--soft:#15301f}
[data-tone=orange]{--mark:#f0a470;--soft:#3a2312}
[data-tone=red]{--mark:#f49a94;--soft:#3c1a1a}
}`

/** The look of messages, apart from that of the page. */
export function stylesheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  return sheet
}

/** An element with text; the text is never read as markup. */
function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  look: string,
  text = '',
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  if (look) element.className = look
  element.textContent = text
  return element
}

/** A link of the web; anything else, such as a script, becomes none. */
function linked(href: string | null, look: string, text: string): HTMLAnchorElement | undefined {
  if (!href || !/^https?:\/\//i.test(href)) return undefined
  const anchor = made('a', look, text)
  anchor.href = href
  anchor.rel = 'noopener'
  return anchor
}

/**
 * Builds a message.
 * @param take is told when the person acts on it or closes it
 */
export function renderMessage(message: InAppMessage, take: (kind: 'click' | 'dismiss') => void): HTMLElement {
  const { kind, language, title, text, button, link, items } = message
  const say = words[language] ?? words.en
  const element = kind === 'modal' ? made('dialog', 'm modal') : made('section', `m ${kind}`)
  element.dataset.tone = message.tone
  element.lang = language
  const heading = made('h2', '', title)
  heading.id = `title-${message.id}`
  element.setAttribute('aria-labelledby', heading.id)

  const close = made('button', 'close', '×')
  close.type = 'button'
  close.setAttribute('aria-label', say.close)
  const dismiss = () => take('dismiss')
  close.addEventListener('click', dismiss)

  const action = button ? linked(link, 'action', button) : undefined
  action?.addEventListener('click', () => take('click'))
  const body = text ? [made('p', '', text)] : []

  if (kind === 'banner') {
    const inner = made('div', 'body')
    inner.append(heading, ...body)
    element.append(inner, ...(action ? [action] : []), close)
  } else {
    const [column, head] = [made('div', 'column'), made('div', 'head')]
    head.append(heading, close)
    column.append(
      head,
      ...body,
      ...(kind === 'checklist' ? [listOf(items, say, take)] : []),
      ...(action ? [action] : []),
    )
    element.append(column)
  }
  // A window tells of Escape by itself; the others listen while the focus is in them.
  if (kind === 'modal') element.addEventListener('cancel', dismiss)
  else
    element.addEventListener('keydown', event => {
      if (event.key === 'Escape') dismiss()
    })
  return element
}

function listOf(
  items: InAppMessage['items'],
  say: (typeof words)['en'],
  take: (kind: 'click') => void,
): HTMLUListElement {
  const list = made('ul', '')
  for (const { text, link, done } of items) {
    const line = made('li', done ? 'done' : '')
    const tick = made('span', 'tick', done ? '✓' : '')
    tick.setAttribute('aria-hidden', 'true')
    const anchor = linked(link, 'text', text)
    anchor?.addEventListener('click', () => take('click'))
    line.append(tick, anchor ?? made('span', 'text', text), made('span', 'unseen', done ? say.done : say.open))
    list.append(line)
  }
  return list
}

/** Brings a message before the person: a window takes the focus and keeps it, anything else leaves it where it is. */
export function announce(element: HTMLElement): void {
  if (element instanceof HTMLDialogElement) element.showModal()
}
