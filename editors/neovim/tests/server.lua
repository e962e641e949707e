-- What a user does with the server in a buffer. START says how it was set up: enable or setup.
local t = dofile(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)) .. '/support.lua')
local how = vim.env.START
local check = function(what, test)
  t.check(('%s, by %s'):format(what, how), test)
end
local ends = {}
local options = {
  on_exit = function(code)
    table.insert(ends, code)
  end,
}
if how == 'enable' then
  vim.lsp.config('dockfix', options)
  vim.lsp.enable('dockfix')
else
  require('dockfix').setup({ lsp = options })
end

local FLASK = table.concat({
  'FROM python:3.13-slim AS base',
  'MAINTAINER Jane',
  'RUN pip install flask',
  'FROM base',
  'COPY --from=base /x /y',
  'CMD ["python"]',
}, '\n')

check('attaches to a Dockerfile, from its root', function()
  local folder = t.folder()
  local buffer = t.open(FLASK, folder)
  t.equal(vim.bo[buffer].filetype, 'dockerfile')
  t.equal(t.client(buffer).config.root_dir, folder)
end)

check('shows diagnostics in the right place', function()
  t.open(FLASK)
  local found = t.diagnostic('pip-cache')
  t.equal({ found.lnum, found.col, found.end_lnum, found.end_col }, { 2, 4, 2, 21 })
  t.equal({ found.source, found.severity }, { 'dockfix', vim.diagnostic.severity.WARN })
  t.diagnostic('maintainer')
end)

check('applies a quick fix', function()
  t.open(FLASK)
  t.diagnostic('pip-cache')
  vim.api.nvim_win_set_cursor(0, { 3, 6 })
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.title == 'Add `--no-cache-dir`'
    end,
    apply = true,
  })
  t.wait('the fix', function()
    return t.lines()[3] == 'RUN pip install --no-cache-dir flask'
  end)
  t.gone('pip-cache')
  t.diagnostic('maintainer')
end)

check('writes a comment that silences a finding', function()
  t.open(FLASK)
  t.diagnostic('pip-cache')
  vim.api.nvim_win_set_cursor(0, { 3, 6 })
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.title == 'Ignore `pip-cache` for this instruction'
    end,
    apply = true,
  })
  t.wait('the comment', function()
    return t.lines()[3] == '# dockfix: ignore=pip-cache'
  end)
  t.gone('pip-cache')
end)

check('fixes everything by source.fixAll', function()
  t.open(FLASK)
  t.diagnostic('pip-cache')
  vim.lsp.buf.code_action({ context = { only = { 'source.fixAll' }, diagnostics = {} }, apply = true })
  t.wait('the fixes', function()
    return t.lines()[3] == 'RUN pip install --no-cache-dir flask'
  end)
  t.equal(t.lines()[2], 'LABEL org.opencontainers.image.authors="Jane"')
end)

check('follows what is typed', function()
  t.open('FROM debian:12-slim\nRUN true')
  t.client()
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'RUN pip install', '# 漢字 🐳' })
  t.diagnostic('pip-cache')
  vim.api.nvim_buf_set_text(0, 1, 4, 1, 15, { 'true' })
  t.gone('pip-cache')
end)

check('renames a stage', function()
  t.open(FLASK)
  t.client()
  vim.api.nvim_win_set_cursor(0, { 4, 6 })
  vim.lsp.buf.rename('builder')
  t.wait('the new name', function()
    return t.lines()[5] == 'COPY --from=builder /x /y'
  end)
  t.equal({ t.lines()[1], t.lines()[4] }, { 'FROM python:3.13-slim AS builder', 'FROM builder' })
end)

check('explains in a hover', function()
  t.open(FLASK)
  t.client()
  vim.api.nvim_win_set_cursor(0, { 2, 2 })
  vim.lsp.buf.hover()
  local text = t.wait('the hover', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local text = table.concat(t.lines(vim.api.nvim_win_get_buf(window)), '\n')
        vim.api.nvim_win_close(window, true)
        return text
      end
    end
  end)
  assert(text:find('MAINTAINER'), text)
end)

check('colours the shell by semantic tokens', function()
  local buffer = t.open('FROM debian:12-slim\nRUN echo "漢字 $HOME" && exit 1')
  t.client()
  t.wait('a token on the shell variable', function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos(buffer, 1, 19)
    return tokens and tokens[1] and tokens[1].type == 'variable'
  end)
end)

check('completes', function()
  t.open('FROM debian:12-slim\nWORKD')
  t.client()
  local found = t.ask('textDocument/completion', {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = 1, character = 5 },
  })
  assert(vim.iter(found.items or found):any(function(item)
    return vim.startswith(item.label, 'WORKDIR')
  end), vim.inspect(found))
end)

check('starts again after a restart', function()
  local buffer = t.open(FLASK)
  t.diagnostic('pip-cache')
  local before = t.client(buffer).id
  require('dockfix').restart()
  t.wait('another client', function()
    local client = vim.lsp.get_clients({ bufnr = buffer, name = 'dockfix' })[1]
    return client and client.initialized and client.id ~= before
  end)
  t.equal(vim.lsp.get_client_by_id(before), nil)
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { 'RUN pip install django', 'RUN pip install flask' })
  t.diagnostic('split-package-run', buffer)
end)

check('serves a single file without a root', function()
  t.open('FROM debian:12-slim\nMAINTAINER Jane', t.folder(true))
  t.equal(t.client().config.root_dir, nil)
  t.diagnostic('maintainer')
end)

check('serves a file that is not written yet', function()
  vim.cmd.edit(t.folder() .. '/Dockerfile')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'FROM debian:12-slim', 'MAINTAINER Jane' })
  t.diagnostic('maintainer')
  vim.cmd('bwipeout!')
end)

check('every server ended with exit code 0', function()
  local before = #ends
  local running = #vim.lsp.get_clients()
  t.stop()
  t.wait('their exit codes', function()
    return #ends == before + running
  end)
  assert(running > 0 and before > 0)
  for _, code in ipairs(ends) do
    t.equal(code, 0)
  end
end)
