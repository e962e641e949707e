import unittest

from app import app, entries


class GuestBook(unittest.TestCase):
    def setUp(self):
        entries.clear()
        self.client = app.test_client()

    def test_an_entry_is_shown(self):
        answer = self.client.post("/entries", data={"name": "Ada", "text": "Hello"}, follow_redirects=True)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(b"Ada", answer.data)
        self.assertEqual(self.client.get("/api/entries").json[0]["text"], "Hello")

    def test_an_empty_entry_is_refused(self):
        self.assertEqual(self.client.post("/entries", data={"name": "Ada"}).status_code, 400)


if __name__ == "__main__":
    unittest.main()
