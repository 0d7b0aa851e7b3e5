import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './kit/kit.css'
import './frame/frame.css'
import { loadMessages } from './i18n/load.ts'
import { rememberedLocale } from './i18n/locale.ts'

const reloadedAt = 'kizuna.reloaded'

// After an upgrade of the server an open page asks for files that are gone: reload it, but not in a circle.
window.addEventListener('vite:preloadError', event => {
  const before = Number(sessionStorage.getItem(reloadedAt) ?? 0)
  if (Date.now() - before < 60_000) return
  event.preventDefault()
  sessionStorage.setItem(reloadedAt, String(Date.now()))
  location.reload()
})

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no element #root to render into.')

const locale = rememberedLocale()
const messages = await loadMessages(locale)
createRoot(place).render(
  <StrictMode>
    <App locale={locale} messages={messages} />
  </StrictMode>,
)

// Japanese glyphs for systems that bring none; asked for after the first paint, fetched only where needed.
requestAnimationFrame(() => setTimeout(() => import('./kit/fonts.ts')))
