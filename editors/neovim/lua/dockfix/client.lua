--- Starting and stopping the client, alike in all versions of Neovim.
local M = {}

--- Calls a method of a client: in 0.10 the client is bound to it, later it is passed.
---@param client vim.lsp.Client
---@param method string
function M.call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- Starts `config` for Dockerfiles that are opened from now on, and for those that are open: what `vim.lsp.enable` does
--- in 0.11 and later.
---@param config table
function M.start_on_filetype(config)
  local function start(buffer)
    if vim.bo[buffer].buftype == '' then
      local root = vim.fs.root(buffer, config.root_markers)
      vim.lsp.start(vim.tbl_extend('keep', { root_dir = root }, config), { bufnr = buffer })
    end
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('dockfix.start', {}),
    pattern = config.filetypes,
    callback = function(event)
      start(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.tbl_contains(config.filetypes, vim.bo[buffer].filetype) then
      start(buffer)
    end
  end
end

--- How often it is looked whether a client is gone, and when it is made to go; in milliseconds.
local LOOK, PATIENCE = 20, 2000

--- Ends a client, and starts one like it for its buffers as soon as it is gone.
---@param client vim.lsp.Client
function M.restart(client)
  local buffers = vim.tbl_keys(client.attached_buffers)
  M.call(client, 'stop')
  local waited = 0
  local function look()
    if M.call(client, 'is_stopped') then
      for _, buffer in ipairs(buffers) do
        if vim.api.nvim_buf_is_loaded(buffer) then
          vim.lsp.start(client.config, { bufnr = buffer })
        end
      end
      return
    end
    waited = waited + LOOK
    if waited == PATIENCE then
      M.call(client, 'stop', true)
    end
    vim.defer_fn(look, LOOK)
  end
  look()
end

return M
