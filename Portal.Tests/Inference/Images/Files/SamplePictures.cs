namespace Portal.Tests.Inference.Images.Files;

/// <summary>
/// One small picture of 37 x 21 pixels as other programs write it (cjpeg of libjpeg-turbo, pnmtopng of netpbm). Red grows to the right, green downwards,
/// blue is what both leave; the grey ones show the mean of red and green.
/// </summary>
internal static class SamplePictures
{
    public const int Width = 37;
    public const int Height = 21;

    private static readonly Dictionary<string, string> Files = new()
    {
        ["sequential.jpg"] =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBA" +
            "UEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAVACUDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAA" +
            "AAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRk" +
            "dISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3" +
            "+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNO" +
            "El8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU" +
            "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5P034eYx+6/Suq034f4x+7/Svc7D4eYx+6/SujsPh/jH7v9K/s7N+MvYX94/KOHeL78vvHiem+AsY/d" +
            "/pXVab4Fxj93+ley2HgLGP3f6V0lh4Fxj93+lfimb+JnsL/vD+oOHeK72948ctPBH7v/V/pRX0Fa+B/wB3/qz+VFfl9TxftNr2n4n7xQ4n/dx94lsvC1pxx+lbtn4YteOP" +
            "0oorr4qxNZc1pM/xE4axNb3feZu2fhq1GP8ACt2z8OWoxx+lFFfx1xVjsSua02f1fwziKvu+8bVv4dttnT9KKKK/mvEZljPay/eM/oOhXq+yj7x//9k=",
        ["progressive.jpg"] =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBA" +
            "UEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAVACUDASEAAhEBAxEB/8QAGQABAQEAAwAAAAAAAAAA" +
            "AAAABQQAAgMH/8QAGAEBAQEBAQAAAAAAAAAAAAAABwYIBQT/2gAMAwEAAhADEAAAAfJ1dCc5VWZTk9wrrrS9GQUUjtSQ0Xfcr0PHt148r243Qf/EABkQAAMBAQEAAAAAAA" +
            "AAAAAAAAACBAMFIf/aAAgBAQABBQLPnmfPM4DOEWLxOeJzxIBIRYfElUSZRJlEnUWdT//EAB0RAAEDBQEAAAAAAAAAAAAAAAACBAUBAyEiMRL/2gAIAQMBAT8Bj3fCPdCH" +
            "WtCOd8I51wQ61oRt9WCMvKwIvK80P//EAB8RAAEDBAMBAAAAAAAAAAAAAAAEBRIBAgMRITFBIv/aAAgBAgEBPwFQsiKHOPpV457FyyIuc4+l7x9djpnupsdFd9NmRdklU/" +
            "/EABYQAQEBAAAAAAAAAAAAAAAAADEAIP/aAAgBAQAGPwIiIiIiI1//xAAWEAADAAAAAAAAAAAAAAAAAAAAETD/2gAIAQEAAT8htpNmk0FlpH//2gAMAwEAAgADAAAAEDMa" +
            "0ps//8QAGhEAAgMBAQAAAAAAAAAAAAAAABEQMUEBIf/aAAgBAwEBPxB9h69NAfYfY2IrqhL/xAAXEQEBAQEAAAAAAAAAAAAAAAAAIQER/9oACAECAQE/EKqoOWsLqsOGsJ" +
            "xOMa//xAAeEAACAgICAwAAAAAAAAAAAAAAESHBAaFBUZHR8f/aAAgBAQABPxBKqIVBKoIVD5gtVFKgtUFKh2HgjxohRowl6MJRo4PR/9k=",
        ["restarts.jpg"] =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBA" +
            "UEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAVACUDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAA" +
            "AAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRk" +
            "dISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3" +
            "+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNO" +
            "El8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU" +
            "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/90ABAAF/9oADAMBAAIRAxEAPwD5P034eYx+6/Sv9HcRm3L1PzjL8421Oq034f4x+7/SvmMRnnL1P03Ls321Oq03wFjH7v8ASv" +
            "mcRxHy/aP07L8221Oq03wLjH7v9K+YxHFPL9o/TsvzXbU6a08Efu/9X+lfN1eL7S+I/RsLmnubn//QzLD4eYx+6/Sv62x+bct9T+SMuzjbU6Ow+H+Mfu/0r86x+ect9T9T" +
            "y3N9tTo7DwFjH7v9K/OsdxHy394/UsuzbbU6Sw8C4x+7/SvzrH8U8t/eP1PLs121N+18D/u/9Wfyr4HE8X2n8R+l4TNPc3P/0fe7LwtaccfpX6xmmNqK5/nHluOq6G7Z+G" +
            "LXjj9K/H81zGsrn6tlmOq6G7Z+GrUY/wAK/H80zWurn6vlmNqOxu2fhy1GOP0r8ezTOcQrn6xlmMqaG1b+HbbZ0/SvyfG57iVUP0/B4yp7M//Z",
        ["rgb.jpg"] =
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAEQgAFQAlA1" +
            "IRAEcRAEIRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNi" +
            "coIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIyc" +
            "rS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAAwDUgBHAEIAAD8A/Ov4f/8ALP8ACviD/hRf/Tufyr9SLu78jPNfS/w9/wCWf4Uf8KL/AOnc/lWLd+JPs+fmr6W+" +
            "H/8Ayz/Cj/hRf/TufyrFu/H32fP7zH419MfD/wD5Z/hR/wAKL/6dz+VYt38WPIz++H519E+F/wDkH/lR/wAKL/6dz+VY9x8cPKfH2gfnX82Pw/8A+Wf4V+iH/Ci/+nc/lX" +
            "pniS78jdzX0v8AD3/ln+FH/Ci/+nc/lXlPibxL9n3fNj8a+lvh/wD8s/wo/wCFF/8ATufyrynxL4/8jd+8xj3r6Y+H/wDyz/Cj/hRf/TufyryfxJ8WfI3fvsfjX0T4X/5B" +
            "/wCVH/Ci/wDp3P5V5hrHxw8q5x9o/Wv5sfh//wAs/wAK+9/+Fc6Z6f8Ajtfp348uGj8zHvX0v8Pf+Wf4Uf8ACudM9P8Ax2vnLx7q80XmY9+9fS3w/wD+Wf4Uf8K50z0/8d" +
            "r5y8eeJ7qPzMfzr6Y+H/8Ayz/Cj/hXOmen/jtfOHjzxvfR+Zj+dfRPhf8A5B/5Uf8ACudM9P8Ax2vn/wATfETUlv8AAPr/ABV//9k=",
        ["grey.jpg"] =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAVAC" +
            "UBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK" +
            "FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1N" +
            "XW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APgXw/4F+7+7/SvS/D3gX7v7v9K9L8P+Bfu/u/0r0zw/4F+7+7/SvRdL8C/6P/q/0r5g8P8AgX7v7v8ASvS/" +
            "D3gX7v7v9K9L8P8AgX7v7v8ASvTPD/gX7v7v9K9F0vwL/o/+r/SvlPw/4ctvl4/SvTPD3hy2+Xj9K9L8P+HLb5eP0r0zw/4ctvl4/SvRNL8N2v2fp+lf/9k=",
        ["interlaced.png"] =
            "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVCAIAAAE5gYBvAAABzElEQVRIia2UwW7bMAyGPwMC2sOQnFO4T5FL+0J94LTnXVYUSFGsmxvHjhxbO3BiaMlu03XAD+HnL1I0TY" +
            "kFhBu4hVu4Accd8Axb2MKz2vewgYeiJIinhDjuavGUELG/wwNsYFOwDiVdib/G50SOr+EVfsKvhMj2DrbwAx7h0ZJiQSihhGtIiGM9gAcPXUIc6x5a2EENtSWy10AFrwk0" +
            "roIX+5dga+Ne4Ml+asEqLBAMQpZ/yaD6cmyKj2MN9HA06M7hEjlAB4eI1vA5tJrTQwN7aKCOZJ9BxdpGtvG/VrCDN3gzRLmsVXFBWIDFcmxOKo6VFBkgRJKYE7rjSuw+rh" +
            "azimOlYZ9ohuNKPvIYL6DeR/+OYrOJNN2uRNHaNFsLjVmFpIr+SZutmen4qelJtkM81T4p5Sclr03D6uyinO6KZOvH2fYxpor4bXgFVcG3cAERYZJc8t98pOHhXzF81l96" +
            "x/iqDxm35pd8bH3D+B0lZq58uOZiL/XZZIrjDP+Sj9SnKfW1J2M4Qb7bmykwuaujeqI+O0Vk9ZmSr2f55P3TZDqNuvFw6ma4n99S7pP7qfXZoScDJ1FynOWj9Q3j/nXmFI" +
            "V/l7QfORyg/QNl+LVjqWEMOwAAAABJRU5ErkJggg==",
        ["rgb.png"] =
            "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVCAIAAABOhrD5AAABCUlEQVRIia1V0Q6DIAzsEpPtYfv/X1UU2AOKpdfWbtE05HpcqbSgD6L6JPLtdSWIayZ6E3uqAepdmok+3a" +
            "8u8GeDsj1f/dfKr/q+P4IlCoy+G9L0/om3LgwIt2pkVCPqWQzLd/FqPXlAPkZkLkckszif4h17mm1ksuaGNK1/eOqEdBtdlQ9p/Hr2gI1FOuO1QK0nJhOGfCZa3dkGVrzv" +
            "opi7boxX3ZBG3L9i90+si2OKaJz+YbKVgYihOFn1LMcRFzU5IwEne6rjZN0/dXNn2JimgUUjpYb///wjIxInsMXgB431/bT6x1cXeBl5FCSiWdQTUzo76wkamEdXBTPfn9" +
            "U8dXNos8EPmi9ye5fF2ZzK/gAAAABJRU5ErkJggg==",
        ["deep.png"] =
            "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVEAIAAAAeFmy6AAABOklEQVRYhc1Xyw6EMAhkExM96P//qu/uoRcMMo6lze4eCAE6MALW/YiIpNT3IiIROQxRhBY4ncg4ivNL6Z" +
            "3Fen+N04lMk3XbZLwlcrYu2oWeBW0tz7M1vumepWqL0BZPj3jr4Zjdw0/aAlnJx7fHgcPpJfbkcfxbPD2cXgJtyToTE9eZyBt6TPc0DQ267yjGexAtcdTuMW85DJrL8rx8" +
            "fD2cwHDaBDpNXK+BQA8nQwxLJj7HbFv5WW3ZNuJax2N5hUPpeW89HHjvebcK3gFcLqOvay2cot1jiNmUdSWDfKHHDKeWeBP8lM92G8Ocsvab7mFifN/ukiEy2rIsbOQTjv" +
            "N/L/KCwYR1EZ609Mrksrz85ny7e17p2O7pPEKW8wyHkyFZ1jFLQFvmGXl5y4VeZOv4vjEy0+PjfZwvBZQvR2uoQqAAAAAASUVORK5CYII=",
        ["grey.png"] =
            "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVCAAAAADkj3hyAAAAK0lEQVQokWNkYGZBQOxMZhZGNmJUsbDhlEFisrBT0Sz620ikWaPhNRzCCwCFfwtDXNmt6QAAAABJRU5Erk" +
            "Jggg==",
        ["arith.jpg"] =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBA" +
            "UEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/yQARCAAVACUDASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMB" +
            "AAIRAxEAPwD/AN4auNgvbcAsH7O1JQtim3FLhd5Wxr+Yl4zXbf4FfU/ontOMPBq/wPhJpdwoLZ8qjYa3jzD83ZofdQs+mNe5QQGmMHWEW+tPGZQe1K0kF+j9MXsxHIaO6f" +
            "KNmI6I93XdINgUnRQYQHCWzz5DBJoVL5uX1nTtkmawwTPeWS43UkeYbD3uPRQwf03KxqT9xwRF1+s7ykJs2AfZSXJzJAgA8V0ptXWDiKtRIpfYcZ0kfd8U/9k=",
    };

    public static IEnumerable<string> Names => Files.Keys.Where(name => name != Arithmetic);

    /// <summary>A kind of JPEG that hardly anything reads.</summary>
    public const string Arithmetic = "arith.jpg";

    public static byte[] Get(string name) => Convert.FromBase64String(Files[name]);

    /// <summary>What the file of this name shows, but for what JPEG loses.</summary>
    public static byte[] Pixels(string name) =>
        [.. from y in Enumerable.Range(0, Height)
            from x in Enumerable.Range(0, Width)
            let red = x * 255 / (Width - 1)
            let green = y * 255 / (Height - 1)
            from value in name.StartsWith("grey", StringComparison.Ordinal) ? Enumerable.Repeat((red + green) / 2, 3) : [red, green, 255 - red * green / 255]
            select (byte)value];
}
