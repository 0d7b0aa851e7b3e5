import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../i18n/provider.tsx'
import { DisplaySwitches } from './display-switches.tsx'
import { ProductMark } from './product-mark.tsx'
import { useScreenFocus } from './screen-focus.ts'

interface OutsideScreenProps {
  title: string
  /** One or two sentences under the title. */
  text?: ReactNode
  /** The way to a neighbouring page, under the card. */
  foot?: ReactNode
  children?: ReactNode
}

/** A screen before the sign-in: one card, nothing around it. Give it a `key` where one step follows another. */
export function OutsideScreen({ title, text, foot, children }: OutsideScreenProps) {
  const t = useText()
  const main = useScreenFocus()
  return (
    <>
      <title>{`${title} · Kizuna`}</title>
      <header className="f-outside-top">
        <Link to="/" className="f-outside-mark" aria-label={t('frame.outside.home')}>
          <ProductMark />
          <span>Kizuna</span>
        </Link>
        <div className="f-top-end">
          <DisplaySwitches outside />
        </div>
      </header>
      <main id="main" className="f-outside" ref={main} tabIndex={-1}>
        <div className="f-card">
          <h1>{title}</h1>
          {text && <div className="f-card-text">{text}</div>}
          {children && <div className="f-card-body">{children}</div>}
        </div>
        {foot && <p className="f-outside-foot">{foot}</p>}
      </main>
    </>
  )
}
