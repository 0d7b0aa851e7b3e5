import type { ReactNode } from 'react'

/** Drawn on a 16 px grid with a 1.5 px stroke and round ends. */
const drawings = {
  alert: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.3v0" />,
  bell: <path d="M4 11.5V7a4 4 0 0 1 8 0v4.5M2.5 11.5h11M6.8 13.8h2.4" />,
  bolt: <path d="M9 2 3.5 9H8l-1 5 5.5-7H8z" />,
  branch: <path d="M8 2.5v4M8 6.5 4 10.5v3M8 6.5l4 4v3" />,
  calendar: (
    <>
      <rect x="2.5" y="3.5" width="11" height="10" rx="1" />
      <path d="M2.5 6.5h11M5.5 2v3M10.5 2v3" />
    </>
  ),
  chat: <path d="M2.5 3h11v8H7l-3 2.5V11H2.5z" />,
  check: <path d="m3 8.5 3.5 3.5L13 4.5" />,
  'chevron-down': <path d="m4 6 4 4 4-4" />,
  'chevron-left': <path d="m10 4-4 4 4 4" />,
  'chevron-right': <path d="m6 4 4 4-4 4" />,
  'chevron-up': <path d="m4 10 4-4 4 4" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3l2 1.5" />
    </>
  ),
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  columns: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1" />
      <path d="M6.2 3v10M9.8 3v10" />
    </>
  ),
  company: <path d="M3 13.5v-11h6v11M9 6h4v7.5M2 13.5h12M5 5.5h2M5 8h2M5 10.5h2M11 8.5v0M11 11v0" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M3.5 10.5h-1v-8h8v1" />
    </>
  ),
  down: <path d="M8 3v10M4 9l4 4 4-4" />,
  'down-right': <path d="m4 4 8 8M12 6v6H6" />,
  download: <path d="M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10" />,
  exit: <path d="M6.5 3H3v10h3.5M6.5 8H13M10 5l3 3-3 3" />,
  eye: (
    <>
      <path d="M1.5 8c1.5-3 3.8-4.5 6.5-4.5S13 5 14.5 8c-1.5 3-3.8 4.5-6.5 4.5S3 11 1.5 8z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  'eye-off': <path d="M1.5 8c1.5-3 3.8-4.5 6.5-4.5S13 5 14.5 8c-1.5 3-3.8 4.5-6.5 4.5S3 11 1.5 8zM3 13 13 3" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  flow: (
    <>
      <circle cx="4" cy="3.5" r="1.5" />
      <circle cx="4" cy="12.5" r="1.5" />
      <circle cx="12" cy="8" r="1.5" />
      <path d="M4 5v6M4 5c0 3 3 3 6.5 3" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M2.5 8h11M8 2.5c-3.5 3.5-3.5 7.5 0 11M8 2.5c3.5 3.5 3.5 7.5 0 11" />
    </>
  ),
  hold: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11M8 5.5h4.8M8 8h5.5M8 10.5h4.8" />
    </>
  ),
  home: <path d="M2.5 7.5 8 3l5.5 4.5v6h-11z" />,
  inbox: <path d="M2.5 9.5 4 3.5h8l1.5 6v3h-11zM2.5 9.5h3l1 1.5h3l1-1.5h3" />,
  info: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 7.5v3M8 5.3v0" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="11" r="2.5" />
      <path d="m6.8 9.2 6.2-6.2M10.5 5.5l2 2" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.5" y="4" width="13" height="8" rx="1" />
      <path d="M4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6" />
    </>
  ),
  link: <path d="M6.5 9.5l3-3M7 4.5 8.5 3A3 3 0 0 1 13 7.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7" />,
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.5" rx="1" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  mail: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1" />
      <path d="m2.5 4.5 5.5 4 5.5-4" />
    </>
  ),
  metrics: <path d="M2.5 13.5h11M4.5 11V8M8 11V3M11.5 11V5.5" />,
  model: <path d="M2 13.5h12M2.5 10.5c3 0 3-7 5.5-7s2.5 7 5.5 7" />,
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2" />,
  note: <path d="M3 13h2.5l7.5-7.5L10.5 3 3 10.5zM9 4.5 11.5 7" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  phone: <path d="M3 2.5h2.5L7 6 5.5 7.5a8 8 0 0 0 3 3L10 9l3.5 1.5V13c-5.5.5-11-5-10.5-10.5z" />,
  plan: <path d="M4 2v12M4 3h8l-2 2.5L12 8H4" />,
  play: <path d="M5 3v10l8-5z" />,
  plus: <path d="M8 3v10M3 8h10" />,
  redo: <path d="M10.5 3l3 3-3 3M13.5 6H6a3.5 3.5 0 0 0 0 7h4" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.5-3.5L13 6M13 3v3h-3" />,
  report: <path d="M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5M6 8.5h4M6 11h4" />,
  right: <path d="M3 8h10M9 4l4 4-4 4" />,
  rows: <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>
  ),
  settings: (
    <>
      <path d="M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7" />
      <circle cx="10.5" cy="4.5" r="1.5" />
      <circle cx="5.5" cy="11.5" r="1.5" />
    </>
  ),
  shield: <path d="M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM5.5 8l2 2 3-3.5" />,
  star: <path d="m8 2.3 1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11.1 4.5 13l.8-3.9-2.9-2.7 3.9-.5z" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.5" />
      <path d="M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />
    </>
  ),
  survey: <path d="M2.5 3h11v8H7l-3 2.5V11H2.5zM5 6h6M5 8.5h4" />,
  tag: <path d="M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3v0" />,
  task: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
      <path d="m5.5 8 2 2 3.5-4" />
    </>
  ),
  today: <path d="M3 4h2M3 8h2M3 12h2M7.5 4H13M7.5 8H13M7.5 12H13" />,
  trash: <path d="M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4" />,
  undo: <path d="M5.5 3l-3 3 3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6" />,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  'up-right': <path d="m4 12 8-8M6 4h6v6" />,
  upload: <path d="M8 11V3M4.5 6 8 2.5 11.5 6M3 13.5h10" />,
  user: (
    <>
      <circle cx="8" cy="5.5" r="2.5" />
      <path d="M3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4" />
    </>
  ),
  users: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.5 13c.4-2.7 2.2-3.7 4.5-3.7s4.1 1 4.5 3.7M10.5 3.3a2.5 2.5 0 0 1 0 4.4M12 9.8c1.4.5 2.2 1.5 2.5 3.2" />
    </>
  ),
  warning: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3.5M8 11v0" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof drawings
export const iconNames = Object.keys(drawings) as IconName[]

interface IconProps {
  name: IconName
  size?: 'normal' | 'small' | 'tiny'
}

/** A decorative sign; what it means stands in words beside it or in the label of its button. */
export function Icon({ name, size = 'normal' }: IconProps) {
  return (
    <svg className="k-icon" data-size={size} viewBox="0 0 16 16" aria-hidden="true">
      {drawings[name]}
    </svg>
  )
}
