-- What `vim.lsp.enable('dockfix')` starts. A Dockerfile without any of the markers above it is served by itself.
---@type vim.lsp.Config
return {
  cmd = { 'dockfix', 'lsp' },
  filetypes = { 'dockerfile' },
  root_markers = { 'dockfix.toml', '.git' },
}
