/** What a person sees when the product starts, in both languages: a terminal tells no language that could be trusted. */

export function banner(address: string): string {
  return `
  Kizuna  ${address}

  ブラウザーで上のアドレスを開いてください。停止は Ctrl+C です。
  Open the address in a browser. Ctrl+C stops it.

`
}

export function demoSignIn(email: string, password: string): string {
  return `  デモのサインイン / Demo sign-in
    ${email}
    ${password}

`
}

export function portMoved(wanted: number, port: number): string {
  return `ポート ${wanted} は使用中のため、${port} を使います。\nPort ${wanted} is in use; using ${port}.\n`
}

/** @param address unknown while the other one is still starting */
export function alreadyRunning(address: string | undefined): string {
  return address
    ? `Kizunaは既に起動しています: ${address}\nKizuna is already running at ${address}\n`
    : 'Kizunaは既に起動処理中です。しばらくお待ちください。\nKizuna is already starting. Please wait a moment.\n'
}
