// Runs before the first paint, so that a remembered theme, density or language does not flash. A file of its own
// because the content security policy allows no inline script. The keys are those of web/frame/preferences.ts.
;(() => {
  const root = document.documentElement
  const stored = key => {
    try {
      return localStorage.getItem(`kizuna.${key}`)
    } catch {
      return null
    }
  }
  const theme = stored('theme')
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.density = stored('density') === 'compact' ? 'compact' : 'comfortable'
  const locale = stored('locale')
  root.lang = locale === 'ja' || locale === 'en' ? locale : navigator.language.startsWith('ja') ? 'ja' : 'en'
})()
