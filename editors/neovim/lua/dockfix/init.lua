--- dockfix in Neovim: starts the language server, fixes a buffer, restarts the server.
local client = require('dockfix.client')

local M = {}

--- The name of the client.
M.NAME = 'dockfix'

---@class dockfix.Options
---@field fix_on_save? boolean Apply every safe fix before a Dockerfile is written. Default: false
---@field timeout? integer Milliseconds that saving waits for the fixes. Default: 1000
---@field lsp? table Laid over the client's configuration: cmd, init_options, on_attach, root_markers, …

--- The configuration of the client, as a plain table.
---@param over? table laid over it
---@return table
function M.config(over)
  local file = vim.api.nvim_get_runtime_file('lsp/dockfix.lua', false)[1]
  return vim.tbl_deep_extend('force', dofile(file), { name = M.NAME }, over or {})
end

--- Starts the server for Dockerfiles that are opened, and for those that are open.
---@param options? dockfix.Options
function M.setup(options)
  options = options or {}
  if vim.lsp.enable then
    vim.lsp.config(M.NAME, options.lsp or {})
    vim.lsp.enable(M.NAME)
  else
    client.start_on_filetype(M.config(options.lsp))
  end
  local group = vim.api.nvim_create_augroup('dockfix.save', {})
  if options.fix_on_save then
    vim.api.nvim_create_autocmd('BufWritePre', {
      group = group,
      callback = function(event)
        M.fix(event.buf, { timeout = options.timeout })
      end,
    })
  end
end

--- Sends a request and waits for its result; says why when there is none.
local function ask(server, method, params, timeout, buffer)
  local answer, late = client.call(server, 'request_sync', method, params, timeout, buffer)
  local why = late or answer and answer.err and answer.err.message
  if why then
    vim.notify(('dockfix: %s: %s'):format(method, why), vim.log.levels.WARN)
  end
  return answer and answer.result
end

--- Applies every safe fix to a buffer, and returns when that is done. Without a client it does nothing.
---@param buffer? integer the current one unless given
---@param options? { unsafe?: boolean, timeout?: integer } unsafe: also those that change what is in the image or how it runs;
---   timeout: milliseconds to wait, 1000 unless given
---@return boolean changed
function M.fix(buffer, options)
  buffer = (buffer == nil or buffer == 0) and vim.api.nvim_get_current_buf() or buffer
  options = options or {}
  local server = vim.lsp.get_clients({ bufnr = buffer, name = M.NAME })[1]
  if not server then
    return false
  end
  local kind = options.unsafe and 'source.fixAllUnsafe.dockfix' or 'source.fixAll.dockfix'
  local start = { line = 0, character = 0 }
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = { start = start, ['end'] = start },
    context = { only = { kind }, diagnostics = {}, triggerKind = 2 },
  }
  local timeout = options.timeout or 1000
  local action = (ask(server, 'textDocument/codeAction', params, timeout, buffer) or {})[1]
  if action and not action.edit then
    action = ask(server, 'codeAction/resolve', action, timeout, buffer)
  end
  if not (action and action.edit) then
    return false
  end
  vim.lsp.util.apply_workspace_edit(action.edit, server.offset_encoding)
  return true
end

--- Ends the server and starts it again for the same buffers, as after an upgrade.
function M.restart()
  for _, each in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    client.restart(each)
  end
end

return M
