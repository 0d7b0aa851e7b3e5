import { useEffect } from 'react'

/**
 * Stands in for the package react-style-singleton (see vite.config.ts), on which Radix's scroll lock writes its rules.
 * A constructed style sheet instead of a <style> element: the content security policy allows the former only.
 */
export function stylesheetSingleton() {
  let users = 0
  let sheet: CSSStyleSheet | undefined
  return {
    add(css: string) {
      if (users === 0) {
        sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
      }
      users += 1
    },
    remove() {
      users -= 1
      if (users > 0) return
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter(each => each !== sheet)
      sheet = undefined
    },
  }
}

/** A hook that keeps the given rules in the page while a component that calls it is mounted. */
export function styleHookSingleton() {
  const sheet = stylesheetSingleton()
  // biome-ignore lint/correctness/noComponentHookFactories: the interface of the package this stands for
  return function useStyle(css: string, dynamic?: boolean) {
    // biome-ignore lint/correctness/useExhaustiveDependencies: fixed rules are read once, as in the package this stands for
    useEffect(() => {
      sheet.add(css)
      return () => sheet.remove()
    }, [dynamic && css])
  }
}

/** The component form of the hook. */
export function styleSingleton() {
  const useStyle = styleHookSingleton()
  // biome-ignore lint/correctness/noComponentHookFactories: as above
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic)
    return null
  }
}
