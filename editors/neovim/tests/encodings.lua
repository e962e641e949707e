-- Places and edits behind characters that count differently in bytes, UTF-16 and columns.
local t = dofile(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)) .. '/support.lua')

local LINE = 'RUN echo "漢字 🐳 é" && pip install flask'

for _, encoding in ipairs({ 'utf-8', 'utf-16' }) do
  t.check(('places and edits behind CJK and emoji, in %s'):format(encoding), function()
    require('dockfix').setup({ lsp = {
      capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
        general = { positionEncodings = { encoding } },
      }),
    } })
    local buffer = t.open('FROM python:3.13-slim\n' .. LINE)
    t.equal(t.client(buffer).offset_encoding, encoding)
    local found = t.diagnostic('pip-cache')
    t.equal(LINE:sub(found.col + 1, found.end_col), 'pip install flask')
    -- Typed before the place: the edit must arrive where it was meant.
    vim.api.nvim_buf_set_text(buffer, 1, 10, 1, 10, { '漢🐳' })
    assert(require('dockfix').fix(buffer), 'nothing was fixed')
    t.equal(t.lines()[2], 'RUN echo "漢🐳漢字 🐳 é" && pip install --no-cache-dir flask')
    t.stop()
    vim.cmd('bwipeout!')
  end)
end
